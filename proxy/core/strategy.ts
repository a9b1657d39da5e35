import type { Clock } from './clock.ts'
import type { Endpoint } from './endpoint.ts'
import type { Memory } from './memory.ts'
import type { Outcome } from './recorder.ts'
import type { Rng } from './rng.ts'

/** Chooses a server. Three verbs, no more; who is eligible was decided before. */
export interface Strategy {
  readonly name: string
  /** The eligible servers, at least two, whenever that set or a weight changed. May allocate. */
  update(servers: readonly Endpoint[]): void
  /** Hot: no allocation, no throw, no I/O. `key` is the 32-bit affinity hash; `attempt` counts from 0. */
  pick(key: number, attempt: number): Endpoint
  /** An attempt ended after `latency` milliseconds. Strategies that learn nothing leave it empty. */
  settled(server: Endpoint, latency: number, outcome: Outcome): void
}

/** What a strategy is made from: time, chance and memory are passed in, never taken. */
export interface StrategyContext {
  readonly clock: Clock
  /** A stream of the strategy's own. */
  readonly rng: Rng
  readonly memory: Memory
}

/**
 * What a strategy promises about shares over time: the same for every server, in proportion to weights, or nothing
 * fixed, because it follows the load.
 */
export type SharePromise = 'equal' | 'weight' | 'adaptive'
