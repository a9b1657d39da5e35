import fc from 'fast-check'
import { examine } from '../examine.ts'
import { found } from '../finding.ts'
import type { Law } from '../law.ts'
import { World } from '../world.ts'
import { SEQUENCE_RULES } from './sequences.ts'

/** What round robin keeps when the set of servers changes once. */
export const turnChanges: Law = {
  id: 'turn-changes',
  title: 'spreads the turns of a server that leaves over all the others',
  why: 'If its neighbour takes them all, that one fails next, and then the next: valyala/fasthttp issue 643.',
  concerns: ({ claims }) => claims.includes('turn'),
  check(subject, trial) {
    const examples = fc.tuple(
      fc.integer({ min: 3, max: 6 }),
      fc.nat(9),
      fc.constantFrom('fail', 'remove', 'add'),
      fc.nat(20),
      fc.nat(20),
    )
    examine(trial, examples, ([n, which, change, before, after], story) => {
      const world = new World(subject, {}, story)
      world.begin(Array.from({ length: n }, () => ({ weight: 1, max: Infinity })))
      const picks = (count: number): void => {
        for (let i = 0; i < count; i++) {
          world.request(i)
          world.drain()
        }
      }
      picks(before)
      const stay = world.members.slice()
      if (change === 'add') world.add({ weight: 1, max: Infinity })
      else world.step({ kind: change, which })
      picks(after)
      const rest = stay.filter((server) => server.healthy && !server.removed)
      const counts = rest.map((server) => {
        const number = world.members.indexOf(server)
        return world.picks.filter((pick) => pick === number).length
      })
      if (Math.max(...counts) - Math.min(...counts) > 2) {
        const got = rest.map(({ id }, i) => `${id} ${counts[i]}`).join(', ')
        found(`those who were there throughout got ${got}: more than 2 apart`)
      }
      const now = change === 'add' ? n + 1 : n - 1
      SEQUENCE_RULES.turn!.check(
        world.picks.slice(before),
        Array.from({ length: now }, () => 1),
      )
    })
  },
}
