import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import { LeastWork } from '../../../proxy/strategies/least-work.ts'
import { draw, ScriptedRng } from '../../support/scripted-rng.ts'
import { Pool } from './pool.ts'

interface Job {
  gap: number
  size: number
}

/** When each job leaves, if every server has a queue of its own and the strategy chooses one on arrival. */
function dispatched(jobs: readonly Job[], n: number, seed: number): number[] {
  const pool = new Pool(Array.from({ length: n }, () => 1))
  const strategy = pool.use(LeastWork, new Rng(seed))
  const freeAt = pool.servers.map(() => 0)
  let now = 0
  return jobs.map(({ gap, size }) => {
    now += gap
    pool.work = freeAt.map((time) => Math.max(0, time - now))
    const { slot } = strategy.pick()
    freeAt[slot] = Math.max(freeAt[slot], now) + size
    return freeAt[slot]
  })
}

/** Likewise, if all wait in one queue, and whoever is free takes the first of it. */
function queued(jobs: readonly Job[], n: number): number[] {
  const freeAt = Array.from({ length: n }, () => 0)
  let now = 0
  return jobs.map(({ gap, size }) => {
    now += gap
    const first = freeAt.indexOf(Math.min(...freeAt))
    freeAt[first] = Math.max(freeAt[first], now) + size
    return freeAt[first]
  })
}

test('every job leaves when it would leave one queue in front of all servers, to the tick', () => {
  const jobs = fc.array(fc.record({ gap: fc.nat(20), size: fc.oneof(fc.nat(30), fc.nat(1000)) }), {
    maxLength: 200,
  })
  fc.assert(
    fc.property(jobs, fc.integer({ min: 2, max: 8 }), fc.nat(), (jobs, n, seed) => {
      expect(dispatched(jobs, n, seed)).toEqual(queued(jobs, n))
    }),
  )
})

test('nobody has less work for its weight than the one picked', () => {
  const servers = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(100)), {
    minLength: 2,
    maxLength: 8,
  })
  fc.assert(
    fc.property(servers, fc.nat(), (servers, seed) => {
      const pool = new Pool(servers.map(([weight]) => weight))
      pool.work = servers.map(([, work]) => work)
      const picked = pool.use(LeastWork, new Rng(seed)).pick()
      for (const { slot, weight } of pool.servers) {
        expect(pool.work[picked.slot] * weight).toBeLessThanOrEqual(pool.work[slot] * picked.weight)
      }
    }),
  )
})

test('ties are drawn, each of the tied with the same probability', () => {
  const pool = new Pool([1, 1, 1, 1])
  pool.work = [5, 2, 2, 2]
  const counts = [0, 0, 0, 0]
  for (let second = 0; second < 2; second++) {
    for (let third = 0; third < 3; third++) {
      const rng = new ScriptedRng(draw(second, 2), draw(third, 3))
      counts[pool.use(LeastWork, rng).pick().slot]++
    }
  }
  expect(counts).toEqual([0, 2, 2, 2])
})

test('where nobody knows the work it says what to do', () => {
  const context = { ...new Pool([1, 1]).context(), remainingWork: undefined }
  expect(() => new LeastWork(context)).toThrow(RangeError)
  expect(() => new LeastWork(context)).toThrow(
    'least_work knows how much work every server still has, which only the simulator can: choose another strategy',
  )
})
