import type { BackoffOptions } from '../proxy/core/backoff.ts'
import type { EjectionOptions } from '../proxy/core/ejection.ts'
import type { HedgeOptions } from '../proxy/core/hedging.ts'
import type { SlowStartOptions } from '../proxy/core/slow-start.ts'
import type { QueueOptions } from '../proxy/core/waiting-line.ts'

/** What a proxy does around its strategy, as plain data; each part is off where it is left out. Times are milliseconds. */
export interface PolicySpec {
  /** How long an attempt may take. */
  readonly timeout?: number
  /** How long a request may take, over all its attempts. */
  readonly total?: number
  readonly retries?: RetrySpec
  readonly ejection?: EjectionOptions
  /** Below this share of eligible servers health is ignored. */
  readonly panic?: number
  readonly slowStart?: SlowStartOptions
  readonly checks?: CheckSpec
  /** Where requests wait when every server is full. */
  readonly queue?: QueueOptions
  /** A second attempt beside a first that takes long, within the budget of `retries` if that has one. */
  readonly hedging?: HedgeOptions
  /** Requests with the same key stay at the same server while it may have them; others are up to the strategy. */
  readonly sticky?: boolean
  /** False: the server goes on with work that nobody waits for any more. Default true: it stops at once. */
  readonly cancels?: boolean
}

export interface RetrySpec {
  readonly attempts: number
  /** The share of requests that may be tried again. Default: no limit. */
  readonly budget?: number
  /** And so many a second on top. */
  readonly minPerSecond?: number
  /** Tries again after a timeout as well, which the proxy never does; for experiments with clients that do. */
  readonly afterTimeout?: boolean
  /** Tries again after an answer that is an error, which the proxy passes on. */
  readonly afterAnswers?: boolean
  /** A pause before each retry. Default: none. */
  readonly backoff?: BackoffOptions
}

export interface CheckSpec {
  readonly interval: number
  readonly timeout: number
  readonly fall: number
  readonly rise: number
}
