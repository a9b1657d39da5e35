import type { SlowStartOptions } from '../proxy/core/slow-start.ts'

/** What a proxy does around its strategy, as plain data; each part is off where it is left out. Times are milliseconds. */
export interface PolicySpec {
  /** How long an attempt may take. */
  readonly timeout?: number
  /** How long a request may take, over all its attempts. */
  readonly total?: number
  readonly retries?: RetrySpec
  readonly ejection?: EjectionSpec
  /** Below this share of eligible servers health is ignored. */
  readonly panic?: number
  readonly slowStart?: SlowStartOptions
  readonly checks?: CheckSpec
  /** Where requests wait when every server is full. */
  readonly queue?: { readonly length: number; readonly timeout: number }
  readonly hedging?: HedgingSpec
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
  /** A pause before each retry, drawn evenly from 0 to this times 2^(retries before). Default: none. */
  readonly backoff?: number
}

export interface EjectionSpec {
  readonly consecutive: number
  readonly base: number
  readonly max: number
  readonly share: number
}

export interface CheckSpec {
  readonly interval: number
  readonly timeout: number
  readonly fall: number
  readonly rise: number
}

export interface HedgingSpec {
  /** A second attempt begins when the first has taken so long, … */
  readonly delay?: number
  /** … or as long as this share of recent attempts. */
  readonly quantile?: number
}
