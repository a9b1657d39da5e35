import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

const THREADS = 4
/** At least so many a thread. */
const PICKS = 300_000

interface Task {
  strategy: string
  weights: number[]
  /** Requests that each thread has in flight at a time. */
  open: number
  max: number
}

interface Result {
  picks: number[]
  /** How often there was no server with room. */
  refused: number
  /** The most that were seen in flight at any server. */
  most: number
}

/** Four threads pick at the same time, as fast as they can, over one memory. Gives what they did, and what is left in flight. */
async function race(task: Task): Promise<{ sums: number[]; results: Result[]; left: number[] }> {
  const { strategy: name, weights } = task
  const place = { thread: THREADS, threads: THREADS + 1 }
  const make = (memory: Memory): Balancer => {
    const strategy = findStrategy(name)!
    return new Balancer({ clock: new Clock(), rng: new Rng(1), strategy, memory })
  }
  const sizing = new Memory(16, { buffer: undefined, ...place })
  make(sizing)
  const buffer = new SharedArrayBuffer(sizing.bytes)
  const gate = new Int32Array(new SharedArrayBuffer(8))
  const results = await Promise.all(
    Array.from({ length: THREADS }, (_, thread) => {
      const workerData = { ...task, buffer, gate, thread, threads: THREADS, picks: PICKS }
      const worker = new Worker(new URL('./picker.ts', import.meta.url), { workerData })
      return new Promise<Result>((resolve, reject) => {
        worker.on('message', resolve)
        worker.on('error', reject)
      })
    }),
  )
  const balancer = make(new Memory(16, { buffer, ...place }))
  weights.forEach((weight, i) => balancer.add(new Endpoint(`s${i}`, { weight })))
  return {
    sums: weights.map((_, i) => results.reduce((sum, { picks }) => sum + picks[i], 0)),
    results,
    left: balancer.servers.map(({ inflight }) => inflight),
  }
}

test('round robin is exact over four threads that pick at the same time, and nothing stays in flight', async () => {
  const { sums, left } = await race({
    strategy: 'round_robin',
    weights: [1, 1, 1],
    open: 3,
    max: Infinity,
  })
  expect(Math.max(...sums) - Math.min(...sums)).toBeLessThanOrEqual(1)
  expect(sumOf(sums)).toBeGreaterThanOrEqual(THREADS * PICKS)
  expect(left).toEqual([0, 0, 0])
})

test('smooth weighted round robin keeps its bound, whichever threads took part', async () => {
  const { sums, left } = await race({
    strategy: 'weighted_round_robin',
    weights: [5, 2, 1],
    open: 3,
    max: Infinity,
  })
  // At most 1 - 1/n ahead of its due, 1/2 + … + 1/n behind; so exact over whole rounds of eight.
  for (const [i, weight] of [5, 2, 1].entries()) {
    const ahead = sums[i] - (sumOf(sums) * weight) / 8
    expect(ahead).toBeLessThanOrEqual(1 - 1 / 3 + 1e-6)
    expect(ahead).toBeGreaterThanOrEqual(-(1 / 2 + 1 / 3) - 1e-6)
  }
  expect(left).toEqual([0, 0, 0])
})

test('limits are kept at every moment, and a free place is nearly always found', async () => {
  const { results, sums, left } = await race({
    strategy: 'least_connections',
    weights: [1, 1],
    open: 1,
    max: 2,
  })
  // With four places for four there is always a free one. But nobody can look at two servers at the same moment.
  const refused = sumOf(results.map((result) => result.refused))
  expect(Math.max(...results.map(({ most }) => most))).toBe(2)
  expect(sumOf(sums)).toBeGreaterThanOrEqual(THREADS * PICKS - refused)
  expect(refused).toBeLessThan(PICKS / 1000)
  expect(left).toEqual([0, 0])
})

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
