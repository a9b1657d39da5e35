import type { Clock } from './clock.ts'
import type { Endpoint } from './endpoint.ts'
import type { Memory } from './memory.ts'
import type { Outcome } from './recorder.ts'
import type { Report } from './report.ts'
import type { Rng } from './rng.ts'
import type { Sight } from './sight.ts'

/** Chooses a server. Three verbs, and a fourth for those that need news; who is eligible was decided before. */
export interface Strategy {
  readonly name: string
  /** The eligible servers, at least two, whenever that set or a weight changed. May allocate. */
  update(servers: readonly Endpoint[]): void
  /**
   * Hot: no allocation, no throw, no I/O. `key` is the affinity hash, 32 bits, which may come as a negative number: `key >>> 0` is the
   * same from 0 up. `attempt` counts from 0.
   */
  pick(key: number, attempt: number): Endpoint
  /** An attempt ended after `latency` milliseconds. Strategies that learn nothing leave it empty. */
  settled(server: Endpoint, latency: number, outcome: Outcome): void
  /**
   * A server said how it is: asked by `StrategyContext.ask`, or unasked, along with an answer. It may not be eligible any more.
   * `report` is only lent: its figures may change after the call.
   */
  heard?(server: Endpoint, report: Report): void
  /** One that uses only some of the servers does not use this one, since the last `update`. */
  leavesOut?(server: Endpoint): boolean
  /**
   * Writes down what `pick` would look at now, and what it would come to. Reading never writes: no cursor moves, and dice are looked at
   * without being used up (`Rng.ahead`). Without it a decision is told without scores.
   */
  explain?(sight: Sight, key: number, attempt: number): void
}

/** What a strategy is made from: time, chance, memory and news are passed in, never taken. */
export interface StrategyContext {
  readonly clock: Clock
  /** A stream of the strategy's own. */
  readonly rng: Rng
  readonly memory: Memory
  /** Requests in flight by slot: the balancer's own counts, for loops over many servers. Read it, never write it. */
  readonly inflights: Int32Array
  /**
   * Asks a server for a report, which comes later through `heard`, or not at all. Hot: it only takes a note, and the proxy
   * sends a probe, or the simulator schedules an event, when the pick is over.
   */
  readonly ask: (server: Endpoint) => void
  /** The work that is still in front of a server, in milliseconds at speed 1. Only the simulator can know. */
  readonly remainingWork: ((server: Endpoint) => number) | undefined
}

/**
 * What a strategy promises about shares over time: the same for every server, in proportion to weights, or nothing
 * fixed, because it follows the load or the keys.
 */
export const PROMISES = ['equal', 'weight', 'adaptive'] as const
export type SharePromise = (typeof PROMISES)[number]

/** How to make a strategy, and what is to be known of it before: what the registry in ../strategies/index.ts lists. */
export interface StrategyFactory {
  readonly promise: SharePromise
  /** The pick depends on the request's key, so somebody has to work it out. */
  readonly keyed?: boolean
  create(context: StrategyContext): Strategy
}
