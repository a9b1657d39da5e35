import type { Rng } from './rng.ts'

export interface BackoffOptions {
  /** The longest pause before the first retry, in milliseconds; it doubles with each. 0: none. */
  base: number
  /** The longest pause of all. */
  max: number
}

/**
 * How long to wait before a retry, the first being number 0: anything from nothing to base × 2^n, drawn evenly. "Full jitter", which
 * of those tried spreads retries best (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015); Envoy draws the
 * same, from 25 ms up to 250 ms. A proxy that has another server at hand need not wait at all.
 */
export function backoff({ base, max }: BackoffOptions, retry: number, rng: Rng): number {
  return rng.float() * Math.min(max, base * 2 ** retry)
}
