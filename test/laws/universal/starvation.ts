import fc from 'fast-check'
import { examine } from '../examine.ts'
import { found } from '../finding.ts'
import type { Law } from '../law.ts'
import { keyAt } from '../keys.ts'
import { pool } from '../steps.ts'
import { World } from '../world.ts'

/** Some wait until what they know is old. Two minutes, in milliseconds, with that much between two requests. */
const LONG = 120_000
const PAUSE = 50

export const starvation: Law = {
  id: 'starvation',
  title: 'reaches every idle server in the end',
  why: 'A server that is paid for and never used. Kong’s EWMA looked at the first two only.',
  concerns: () => true,
  check(subject, trial) {
    const examples = fc.tuple(pool, fc.integer({ min: 1, max: 200 }))
    examine(
      { ...trial, runs: Math.ceil(trial.runs / 4) },
      examples,
      ([servers, latency], story) => {
        const world = new World(subject, {}, story).begin(servers)
        const total = servers.reduce((sum, { weight }) => sum + weight, 0)
        const least = Math.min(...servers.map(({ weight }) => weight))
        // Somebody who draws by weight misses one for that long once in e^30.
        const limit = Math.max(Math.ceil((30 * total) / least), LONG / PAUSE)
        const left = new Set(servers.map((_, number) => number))
        world.quietly(`${limit} requests, one at a time, each of ${latency} ms`, () => {
          for (let i = 0; i < limit && left.size > 0; i++) {
            world.request(keyAt(i))
            world.wait(latency)
            world.end(0, latency, 'ok')
            world.wait(PAUSE)
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
