import fc from 'fast-check'
import { examine } from '../examine.ts'
import { found } from '../finding.ts'
import type { Law } from '../law.ts'
import { letter, World } from '../world.ts'

const examples = fc.record({
  servers: fc.integer({ min: 3, max: 8 }),
  clients: fc.integer({ min: 1, max: 6 }),
  size: fc.integer({ min: 1, max: 8 }),
  failed: fc.nat(7),
})

/** What a proxy uses of each server shows in whole periods of picks, where the strategy inside keeps to weight exactly. */
export const covers: Law = {
  id: 'covers',
  title: 'together with the other proxies uses every server exactly alike',
  why: 'Subsets that are drawn, or end at whole servers, leave some servers with twice the requests of others.',
  concerns: ({ fleet }) => fleet !== undefined,
  check(subject, trial) {
    const fleet = subject.fleet!
    examine(trial, examples, ({ clients, failed, servers, size }, story) => {
      story.push(`${clients} proxies, each of which wants ${size} of ${servers} servers`)
      let picks = new Map<string, number>()
      const referee = ({ server }: { readonly server: { readonly id: string } }): void =>
        void picks.set(server.id, (picks.get(server.id) ?? 0) + 1)
      const pool = Array.from({ length: servers }, () => ({ weight: 1, max: Infinity }))
      const worlds = Array.from({ length: clients }, (_, client) => {
        const factory = fleet(client, clients, size)
        return new World({ ...subject, factory }, { referee }).begin(pool)
      })
      const compare = (ids: readonly string[]): void => {
        // The least that is enough for `size`: so often each point of the ring is covered.
        const turns = Math.min(Math.ceil((size * clients) / ids.length), clients)
        picks = new Map()
        for (const world of worlds) world.flood(turns * ids.length)
        const due = turns * clients
        const other = ids.find((id) => picks.get(id) !== due)
        if (other === undefined) return
        const told = ids.map((id) => `${id} ${picks.get(id) ?? 0}`).join(', ')
        found(`after ${turns * ids.length} picks each, all should have ${due}, and have: ${told}`)
      }
      const ids = pool.map((_, number) => letter(number))
      compare(ids)
      const gone = failed % servers
      story.push(`${letter(gone)} fails its checks, for all of them`)
      for (const { balancer, members } of worlds) balancer.setHealthy(members[gone], false)
      compare(ids.toSpliced(gone, 1))
    })
  },
}
