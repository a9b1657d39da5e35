import { notNegative, probability, whole } from '../statistics/preconditions.ts'

/**
 * Hedging: who has no answer after `delay` asks a second server, and takes the first answer. The two are independent, and the extra load
 * slows nobody (so: at low load). Dean, Barroso, "The tail at scale", Communications of the ACM 56(2), 2013.
 *
 * The chance to take longer than `t`, from that of one request, `above`: S(t) up to the delay, S(t) S(t - delay) after it.
 */
export function hedgedAbove(above: (t: number) => number, delay: number, t: number): number {
  notNegative(t, 't')
  return t < notNegative(delay, 'delay') ? above(t) : above(t) * above(t - delay)
}

/** Exponential work of mean 1: the share that is asked twice, e^-D. */
export function hedgedExtra(delay: number): number {
  return Math.exp(-notNegative(delay, 'delay'))
}

/** Exponential work of mean 1: the mean, 1 - e^-D / 2. */
export function hedgedMean(delay: number): number {
  return 1 - hedgedExtra(delay) / 2
}

/** Exponential work of mean 1: what a share `p` does not exceed. Above it are e^-t up to D, and e^(-D - 2 (t - D)) after it. */
export function hedgedQuantile(delay: number, p: number): number {
  if (!(p >= 0 && p < 1)) throw new RangeError(`p must be at least 0 and below 1, got ${p}`)
  const alone = -Math.log1p(-p)
  return alone <= notNegative(delay, 'delay') ? alone : (alone + delay) / 2
}

/** Work that is slow with probability `slow`, else fast: both copies are slow. */
export function hedgedSlow(slow: number): number {
  return probability(slow, 'slow') ** 2
}

/** Who asks `servers` at once and needs all answers meets a slow one so often: 1 - (1 - p)^n. Dean, Barroso, 2013: 1 % and 100 make 63 %. */
export function fanOutSlow(slow: number, servers: number): number {
  probability(slow, 'slow')
  return whole(servers, 'servers', 0) === 0 ? 0 : -Math.expm1(servers * Math.log1p(-slow))
}
