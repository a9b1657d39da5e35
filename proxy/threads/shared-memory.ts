import { balancing } from '../balancing.ts'
import { Balancer } from '../core/balancer.ts'
import { Clock } from '../core/clock.ts'
import { Memory } from '../core/memory.ts'
import { RetryPolicy } from '../core/retry.ts'
import { Rng } from '../core/rng.ts'
import type { StrategyFactory } from '../core/strategy.ts'
import type { Settings } from '../settings.ts'

/** How many servers fit: the same in every thread. */
export const SLOTS = 1024

/** For the strategy that takes over where one from a file breaks: a dozen arrays with a number a server. */
const SPARE = 12 * SLOTS * Float64Array.BYTES_PER_ELEMENT

/** The memory of `threads` threads, of the size that one thread's parts turn out to need. */
export function sharedMemory(
  settings: Settings,
  strategy: StrategyFactory,
  threads: number,
): SharedArrayBuffer {
  const memory = new Memory(SLOTS, { buffer: undefined, thread: 0, threads })
  const clock = new Clock()
  const balancer = new Balancer({
    clock,
    rng: new Rng(1),
    strategy,
    memory,
    ...balancing(settings),
  })
  const retry = new RetryPolicy(settings.retries, clock, memory)
  void [balancer, retry]
  return new SharedArrayBuffer(memory.bytes + SPARE)
}
