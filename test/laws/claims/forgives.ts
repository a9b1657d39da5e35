import fc from 'fast-check'
import { examine } from '../examine.ts'
import { found } from '../finding.ts'
import type { Law } from '../law.ts'
import { keyAt } from '../keys.ts'
import { World } from '../world.ts'

/** Long enough for averages that fade within seconds to have faded, in milliseconds. */
const SILENCE = 600_000

export const forgives: Law = {
  id: 'forgives',
  title: 'tries a server again that was slow once and has been idle since',
  why: 'Silence has to heal: a server that is not asked cannot show that it is well.',
  concerns: ({ claims }) => claims.includes('forgives'),
  check(subject, trial) {
    const examples = fc.tuple(
      fc.integer({ min: 2, max: 6 }),
      fc.nat(9),
      fc.constantFrom(100, 1000, 30_000),
    )
    examine(trial, examples, ([n, which, latency], story) => {
      const servers = Array.from({ length: n }, () => ({ weight: 1, max: Infinity }))
      const world = new World(subject, {}, story).begin(servers)
      const victim = world.members[which % n]
      const others = world.members.filter((server) => server !== victim)
      world.quietly(`${5 * n} requests, one at a time`, () => {
        for (let i = 0; i < 5 * n; i++) serve(world, i)
      })
      for (let i = 0; i < 5; i++) {
        world.request(keyAt(i), 1, others)
        world.wait(latency)
        world.drain(latency)
      }
      world.wait(SILENCE)
      // Whoever draws d of n sees it once in n / d picks: missing it in 20 n is less likely than e^-20.
      const tried = world.quietly(`${20 * n} requests, one at a time`, () => {
        for (let i = 0; i < 20 * n; i++) if (serve(world, i) === victim) return true
        return false
      })
      if (tried) return
      found(
        `${victim.id} was slow (${latency} ms), ${SILENCE / 60_000} minutes ago, and is not tried again`,
      )
    })
  },
}

function serve(world: World, i: number): unknown {
  const server = world.request(keyAt(i))
  world.wait(10)
  world.drain(10)
  return server
}
