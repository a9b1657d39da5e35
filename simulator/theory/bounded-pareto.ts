import { positive } from '../statistics/preconditions.ts'

/** Work from `min` to `max` with the density of a power law in between: P(X > x) falls as x^-shape. */
export interface BoundedPareto {
  readonly min: number
  readonly max: number
  readonly shape: number
}

/**
 * E[X^power; low < X <= high], the part of a moment that jobs between two sizes contribute; all of it without them. With power 0 it is their
 * share of the jobs, with power 1 their share of the work times the mean. Harchol-Balter, Crovella, Murta, "On choosing a task
 * assignment policy for a distributed server system", Journal of Parallel and Distributed Computing 59(2), 1999.
 */
export function paretoMoment(
  { min, max, shape }: BoundedPareto,
  power: number,
  low = min,
  high = max,
): number {
  positive(min, 'min')
  positive(shape, 'shape')
  if (!(max > min)) throw new RangeError(`max must be above min (${min}), got ${max}`)
  const density = shape / -Math.expm1(shape * Math.log(min / max)) // Times min^shape x^(-shape - 1).
  return density * min ** power * integral(power - shape, low / min, high / min)
}

/** Variance over squared mean. */
export function paretoScv(work: BoundedPareto): number {
  return paretoMoment(work, 2) / paretoMoment(work, 1) ** 2 - 1
}

/** The one with that mean, largest size and shape: the smallest size by bisection. */
export function paretoWithMean(mean: number, max: number, shape: number): BoundedPareto {
  positive(mean, 'mean')
  if (!(max > mean)) throw new RangeError(`max must be above the mean (${mean}), got ${max}`)
  let low = 0
  let high = mean
  for (let i = 0; i < 200; i++) {
    const min = (low + high) / 2
    if (min <= 0 || paretoMoment({ min, max, shape }, 1) < mean) low = min
    else high = min
  }
  return { min: (low + high) / 2, max, shape }
}

/** Of x^(exponent - 1), from `low` to `high`; by the logarithm where the exponent is 0, and exact near it. */
function integral(exponent: number, low: number, high: number): number {
  const width = Math.log(high / low)
  if (exponent === 0) return width
  return (low ** exponent * Math.expm1(exponent * width)) / exponent
}
