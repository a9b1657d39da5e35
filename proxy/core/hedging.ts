import { RecentQuantile } from './recent-quantile.ts'
import type { RetryPolicy } from './retry.ts'

/** When a second attempt is made beside the first: after so many milliseconds, or when only so many first attempts take longer. */
export type HedgeOptions = { readonly delay: number } | { readonly quantile: number }

/** What is known of a request whose hedge is due. */
export interface HedgeQuestion {
  /** Attempts made so far, running or over. */
  readonly attempts: number
  /** The method means the same done twice (RFC 9110, section 9.2.2). */
  readonly idempotent: boolean
  /** All of the request's body is at hand, to be sent once more. */
  readonly replayable: boolean
  /** Some byte of an answer has come. */
  readonly answering: boolean
  /** Another server than the first attempt's may get it now: `Balancer.hasOther`. */
  readonly others: boolean
}

/** `hedge` is a yes, and has been paid for. The rest says why not. */
export type HedgeVerdict = 'hedge' | 'answering' | 'enough' | 'unsafe' | 'alone' | 'no_budget'

/** So many of the latest first attempts are above the quantile: fewer would make it jump. */
const ABOVE = 10
const FEWEST = 100
const MOST = 2000

/**
 * Says when a request that is late gets a second attempt on another server, whichever answers first being taken: the hedged
 * requests of Dean and Barroso, "The Tail at Scale", CACM 56(2), 2013. After the 95th percentile that is five per cent more load.
 *
 * One more attempt at most, only what may be done twice, and only within the retry budget, for the same reason as retries: when all
 * servers are slow every request is late, and hedges would double the load. The loser is to be cancelled, with the outcome
 * `aborted`: its server is not to blame.
 *
 * The quantile is of first attempts alone, each told once. One that was cancelled for its hedge would have taken longer still: it is told
 * as Infinity, and so the quantile stays that of unhedged attempts. Were winners told, hedges would shorten the delay, and a
 * shorter delay make more hedges; even the time until it was cancelled makes 16 to 20 % more hedges than there should be in the long
 * run, Infinity 5 to 7 % (exponential latencies; most of it is that ten of a few hundred make a coarse quantile).
 */
export class Hedging {
  /** How long after its first attempt's start a hedge is due. Infinity: not yet known. */
  private readonly delay: Float64Array
  private readonly recent: RecentQuantile | undefined
  private readonly enough: number = 0
  private learned = 0
  private readonly took = new Float64Array(1)
  /** Whose budget it is within. */
  retry: RetryPolicy

  constructor(options: HedgeOptions, retry: RetryPolicy) {
    this.retry = retry
    if ('delay' in options) {
      this.delay = Float64Array.of(options.delay)
    } else {
      const needed = Math.ceil(ABOVE / (1 - options.quantile))
      this.enough = Math.min(MOST, Math.max(FEWEST, needed))
      this.recent = new RecentQuantile(options.quantile, this.enough)
      this.delay = Float64Array.of(Infinity)
    }
  }

  /** A first attempt brought its answer after so many milliseconds; Infinity: it was cancelled for its hedge. */
  learn(latency: number): void {
    const { delay, recent, took } = this
    if (recent === undefined) return
    took[0] = latency
    recent.add(took, 0)
    if (++this.learned >= this.enough) delay[0] = recent.value[0]
  }

  /** When the hedge of a first attempt that started then is due; Infinity: never. */
  dueAt(startedAt: number): number {
    return startedAt + this.delay[0]
  }

  /** It is due: judges, and pays for what it allows. */
  decide(asked: HedgeQuestion): HedgeVerdict {
    if (asked.answering) return 'answering'
    if (asked.attempts !== 1) return 'enough'
    if (!asked.idempotent || !asked.replayable) return 'unsafe'
    if (!asked.others) return 'alone'
    return this.retry.spend() ? 'hedge' : 'no_budget'
  }
}
