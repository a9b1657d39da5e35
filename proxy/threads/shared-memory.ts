import { Clock } from '../core/clock.ts'
import { capsOf } from '../http/caps.ts'
import { Memory } from '../core/memory.ts'
import { Rng } from '../core/rng.ts'
import { rulesOf } from '../core/rules.ts'
import type { StrategyFactory } from '../core/strategy.ts'
import type { Settings } from '../settings.ts'

/** How many servers fit: the same in every thread. */
export const SLOTS = 1024

const NOBODY: StrategyFactory = {
  promise: 'adaptive',
  create: () => ({ name: '', update() {}, pick: () => undefined as never, settled() {} }),
}

/**
 * How large the memory of `threads` threads has to be without a strategy's, whatever the settings: as large as one thread's parts turn out
 * to need.
 */
export function bytesFor(settings: Settings, threads: number): number {
  const memory = measure(threads)
  capsOf(settings.limits, memory)
  rulesOf(settings, { clock: new Clock(), rng: new Rng(1), strategy: NOBODY, memory })
  return memory.bytes
}

/** How large a strategy's own memory has to be. Throws what it throws while it is made. */
export function roomFor(strategy: StrategyFactory, threads: number): number {
  const memory = measure(threads)
  const before = memory.bytes
  const inflights = new Int32Array(SLOTS)
  const context = { clock: new Clock(), rng: new Rng(1), memory, inflights, ask: () => {} }
  strategy.create({ ...context, remainingWork: undefined })
  return memory.bytes - before
}

function measure(threads: number): Memory {
  return new Memory(SLOTS, { buffer: undefined, thread: 0, threads })
}
