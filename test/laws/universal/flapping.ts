import fc from 'fast-check'
import { Rng } from '../../../proxy/core/rng.ts'
import { examine } from '../examine.ts'
import { found } from '../finding.ts'
import type { Law } from '../law.ts'
import { keyAt } from '../keys.ts'
import { pool } from '../steps.ts'
import { World } from '../world.ts'

/** As in `starvation`. */
const LONG = 120_000
const PAUSE = 50

export const flapping: Law = {
  id: 'flapping',
  title: 'reaches every server though another comes and goes all the time',
  why: 'What begins anew on each change begins with the same servers: the light ones, or the last, never have a turn.',
  concerns: () => true,
  check(subject, trial) {
    examine(
      { ...trial, runs: Math.ceil(trial.runs / 4) },
      fc.tuple(pool, fc.nat(0xffff)),
      ([servers, seed], story) => {
        // From one change to the next, at random: a turn may keep step with a rhythm, and nobody flaps in one for long.
        const gaps = new Rng(seed)
        const world = new World(subject, {}, story).begin([
          ...servers,
          { weight: 1, max: Infinity },
        ])
        const restless = world.members[servers.length]
        const total = servers.reduce((sum, { weight }) => sum + weight, 1)
        const least = Math.min(...servers.map(({ weight }) => weight))
        const limit = Math.max(Math.ceil((30 * total) / least), LONG / PAUSE)
        const left = new Set(servers.map((_, number) => number))
        const line = `${restless.id} comes and goes, with 1 to 3 requests in between`
        world.quietly(line, () => {
          for (let i = 0, next = 1; i < limit && left.size > 0; i++) {
            if (i === next) {
              world.balancer.setHealthy(restless, !restless.healthy)
              next += 1 + gaps.int(3)
            }
            world.request(keyAt(i))
            world.wait(PAUSE)
            world.drain()
            left.delete(world.picks[i])
          }
        })
        if (left.size === 0) return
        const names = [...left].map((number) => world.members[number].id)
        found(`${limit} requests, and never one for ${names.join(', ')}, healthy and idle`)
      },
    )
  },
}
