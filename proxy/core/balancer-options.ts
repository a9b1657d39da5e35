import type { Clock } from './clock.ts'
import type { EjectionOptions } from './ejection.ts'
import type { Endpoint } from './endpoint.ts'
import type { Journal } from './journal.ts'
import type { Memory } from './memory.ts'
import type { Rng } from './rng.ts'
import type { SlowStartOptions } from './slow-start.ts'
import type { StrategyFactory } from './strategy.ts'

/** What `Balancer.adjust` can change. */
export type AdjustableRules = Pick<BalancerOptions, 'ejection' | 'panic' | 'slowStart'>

export interface BalancerOptions {
  clock: Clock
  rng: Rng
  strategy: StrategyFactory
  /** Where the strategy's part of the memory is, if it has a buffer of its own: see `StrategyMaker.prepare`. */
  room?: SharedArrayBuffer
  memory?: Memory
  /** It gives no request to anybody: its strategy only takes its part of the memory, and is never called. */
  watches?: boolean
  /** Servers that come back, or are new to a pool at work, get their share little by little. Default: all at once. */
  slowStart?: SlowStartOptions
  /** Servers whose requests fail are taken out for a while. Default: they are not. */
  ejection?: EjectionOptions
  /** Where a smaller share of the servers than this is well, 0 to 1, health is ignored. Default: 0, never. */
  panic?: number
  /** See `StrategyContext.ask`; without it nobody is asked. */
  ask?: (server: Endpoint) => void
  /** See `StrategyContext.remainingWork`. */
  remainingWork?: (server: Endpoint) => number
  /**
   * What strategies see as the requests in flight, by slot, where that is not the truth: old news, for experiments with them. Limits go by the
   * truth.
   */
  seen?: Int32Array
  /** Where all that it is asked is written down. Default: nowhere. */
  journal?: Journal
}
