import type { Rng } from '../proxy/core/rng.ts'

/** How work is spread, in milliseconds, as plain data. */
export type DistributionSpec =
  | { type: 'constant'; value: number }
  | { type: 'uniform'; min: number; max: number }
  | { type: 'exponential'; mean: number }

/** Draws one amount of work. */
export type Sampler = () => number

/**
 * Makes a sampler from a spec. Throws a `RangeError` that names the path of what is wrong: `work.mean must be above 0, got -1`.
 *
 * A sampler takes the same number of random numbers each time (none for `constant`, else one), so the n-th draw of a stream is
 * the n-th request's, whatever the spec's figures are.
 */
export function sampler(spec: DistributionSpec, rng: Rng, path = 'work'): Sampler {
  switch (spec.type) {
    case 'constant': {
      const value = amount(spec.value, `${path}.value`)
      return () => value
    }
    case 'uniform': {
      const min = amount(spec.min, `${path}.min`)
      const max = amount(spec.max, `${path}.max`)
      if (max < min) {
        throw new RangeError(`${path}.max must be at least ${path}.min (${min}), got ${max}`)
      }
      const width = max - min
      return () => min + width * rng.float()
    }
    case 'exponential': {
      const mean = above0(spec.mean, `${path}.mean`)
      return () => exponential(rng, mean)
    }
    default:
      throw unknownType(spec, path, 'constant, uniform, exponential')
  }
}

/** By inversion. `float` can be 0 but never 1, so its complement has a logarithm. */
export function exponential(rng: Rng, mean: number): number {
  return -mean * Math.log(1 - rng.float())
}

export function above0(value: number, path: string): number {
  if (Number.isFinite(value) && value > 0) return value
  throw new RangeError(`${path} must be above 0, got ${String(value)}`)
}

/** For a value that the types rule out but a file can hold. */
export function unknownType(spec: never, path: string, known: string): RangeError {
  const { type } = spec as { type: unknown }
  return new RangeError(`${path}.type must be one of ${known}, got ${String(type)}`)
}

function amount(value: number, path: string): number {
  if (Number.isFinite(value) && value >= 0) return value
  throw new RangeError(`${path} must be at least 0, got ${String(value)}`)
}
