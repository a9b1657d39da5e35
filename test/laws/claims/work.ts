import fc from 'fast-check'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { examine } from '../examine.ts'
import { found } from '../finding.ts'
import type { Law } from '../law.ts'
import { keyAt } from '../keys.ts'
import { roughPlans } from '../steps.ts'
import type { Picked } from '../watched.ts'
import { World } from '../world.ts'

export const leastWork: Law = {
  id: 'least_work',
  title: 'picks nobody who has more work in front of him for his weight than somebody else',
  why: 'It is what others are measured against: what it does badly, others seem to do well.',
  concerns: ({ claims }) => claims.includes('least_work'),
  check(subject, trial) {
    examine(trial, roughPlans, ({ servers, steps }, story) => {
      const referee = ({ eligible, server }: Picked): void => {
        const work = world.workOf(server)
        for (const other of eligible) {
          // Cross-multiplied: exact for weights of whole quarters.
          if (work * other.weight <= world.workOf(other) * server.weight) continue
          found(
            `picked ${server.id} with ${work} ms of work for weight ${server.weight}, ` +
              `while ${other.id} had ${world.workOf(other)} ms for ${other.weight}`,
          )
        }
      }
      const world: World = new World(subject, { referee }, story)
      world.begin(servers).play(steps)
    })
  },
}

const job = fc.record({ gap: fc.nat(20), size: fc.oneof(fc.nat(30), fc.nat(1000)) })
const jobs = fc.array(job, { maxLength: 60, size: 'max' })

/** Where servers take what they get in order of arrival. Whole milliseconds: all times are exact. */
export const oneQueue: Law = {
  id: 'one-queue',
  title: 'lets every request leave when it would leave one queue in front of equal servers',
  why: 'Nobody waits behind others while somebody has time; with work that is known that can be had to the millisecond.',
  concerns: ({ claims }) => claims.includes('least_work'),
  check(subject, trial) {
    examine(trial, fc.tuple(fc.integer({ min: 2, max: 6 }), jobs), ([n, jobs], story) => {
      const freeAt = new Map<Endpoint, number>()
      const work = (server: Endpoint): number =>
        Math.max(0, (freeAt.get(server) ?? 0) - world.clock.now)
      const world: World = new World(subject, { work }, story)
      world.begin(Array.from({ length: n }, () => ({ weight: 1, max: Infinity })))
      /** When those leave that are under way, in the order of `world.open`. */
      const leaving: number[] = []
      /** When each of the servers behind the one queue is free. */
      const queue = Array.from({ length: n }, () => 0)
      for (const [i, { gap, size }] of jobs.entries()) {
        if (gap > 0) world.wait(gap)
        const { now } = world.clock
        for (let place = leaving.length - 1; place >= 0; place--) {
          if (leaving[place] > now) continue
          leaving.splice(place, 1)
          world.end(place, size, 'ok')
        }
        const server = world.request(keyAt(i))!
        const end = now + work(server) + size
        freeAt.set(server, end)
        leaving.push(end)
        const first = queue.indexOf(Math.min(...queue))
        queue[first] = Math.max(queue[first], now) + size
        story.push(`it takes ${size} ms, and leaves after ${end - now}`)
        if (end !== queue[first])
          found(`it would leave one queue after ${queue[first] - now} ms, not ${end - now}`)
      }
    })
  },
}
