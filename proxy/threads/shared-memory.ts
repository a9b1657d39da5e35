import { Clock } from '../core/clock.ts'
import { capsOf } from '../http/caps.ts'
import { Memory } from '../core/memory.ts'
import { Rng } from '../core/rng.ts'
import { rulesOf } from '../core/rules.ts'
import type { StrategyFactory } from '../core/strategy.ts'
import type { Settings } from '../settings.ts'

/** How many servers fit: the same in every thread. */
export const SLOTS = 1024

/**
 * How large the memory of `threads` threads has to be: as large as one thread's parts turn out to need. The strategy's come last, so
 * that it cannot shift the others, whatever it asks for.
 */
export function bytesFor(settings: Settings, strategy: StrategyFactory, threads: number): number {
  const memory = new Memory(SLOTS, { buffer: undefined, thread: 0, threads })
  const clock = new Clock()
  capsOf(settings.limits, memory)
  rulesOf(settings, { clock, rng: new Rng(1), strategy, memory })
  return memory.bytes
}
