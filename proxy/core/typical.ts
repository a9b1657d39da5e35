import type { Clock } from './clock.ts'
import { power, raise } from './exponential.ts'
import type { StrategyContext } from './strategy.ts'

/**
 * What an answer takes in this pool, and what a failure counts for: for strategies that compare latencies.
 *
 * A server that fails at once looks fast and idle, and would draw all traffic. So a failure counts as if it had taken at
 * least the typical latency: in its server's average (see `latency`), and in the requests in flight, where it lingers for
 * that long (see `failures`). Without the second a server that fails at once is always idle: with the least score of
 * all it got 86 % among ten at 400 requests a second. With both, failing fast attracts no more than a fair share.
 */
export class Typical {
  /** Failures, a slot, that would still be in flight had they taken the typical time; as of `stamp`. */
  readonly failures: Float64Array
  readonly stamp: Float64Array
  /** One element: how long an attempt took, for `learn` and `fail`. In an array, so that the engine need not box it. */
  readonly took = new Float64Array(1)
  private readonly clock: Clock
  private readonly decay: number
  /**
   * Of answers that came whole, over all servers: [average, stamp, count, what is typical]. It does not fall while nothing is
   * heard, and it begins as a plain mean: the first answers of all are the quickest, and would stand for typical too long.
   */
  private readonly pool: Float64Array

  /** `decay`: how long an answer counts, in milliseconds; its weight falls to 1/e in this time. */
  constructor({ clock, memory }: StrategyContext, decay: number) {
    this.failures = memory.floatPerSlot()
    this.stamp = memory.floatPerSlot()
    this.clock = clock
    this.decay = decay
    this.pool = memory.floats(4)
  }

  /** In milliseconds, and never nothing; 1 until anything is known. So short that the engine has no choice but to inline it. */
  get latency(): number {
    return this.pool[3] || 1
  }

  /** An answer came whole after `took`. */
  learn(): void {
    const { decay, pool, took } = this
    const now = stampOf(this.clock.now)
    power[0] = (pool[1] - now) / decay
    raise()
    const fresh = Math.max(1 - power[0], 1 / ++pool[2])
    pool[0] += (took[0] - pool[0]) * fresh
    pool[1] = now
    pool[3] = Math.max(pool[0], 0.001)
  }

  /** An attempt at the server in this slot failed after `took`, which becomes what that counts for. */
  fail(slot: number): void {
    const { failures, stamp, took } = this
    const now = stampOf(this.clock.now)
    const typical = this.latency
    power[0] = (stamp[slot] - now) / typical
    raise()
    failures[slot] *= power[0]
    stamp[slot] = now
    if (took[0] >= typical) return
    failures[slot] += 1 - took[0] / typical
    took[0] = typical
  }
}

/** A time that is never 0, since in shared memory 0 stands for "never". */
export function stampOf(now: number): number {
  return now + 1
}
