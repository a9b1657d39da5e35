import { createDistribution, type DistributionSpec } from '../distributions.ts'
import { quantileOf } from '../trace/sample.ts'
import {
  boundedPareto,
  type Data,
  erlang,
  exponential,
  type Family,
  hyperexponential,
  lognormal,
  weibull,
} from './families.ts'

const FAMILIES: readonly Family[] = [
  exponential,
  erlang,
  lognormal,
  weibull,
  hyperexponential,
  boundedPareto,
]

/** How many quantiles stand for the data itself. */
const QUANTILES = 100
/** Of fewer values nobody can tell one family from another. */
export const FEWEST = 10

export interface Fit {
  readonly spec: DistributionSpec
  readonly parameters: number
  /** Akaike's information criterion: of two fits the one with less is nearer to what made the data. */
  readonly aic: number
  /** The largest distance between the fit's distribution function and the data's (Kolmogorov and Smirnov). */
  readonly distance: number
}

export interface Fitting {
  readonly count: number
  /** Values of 0: too small for the log, and taken for something small. */
  readonly zeros: number
  readonly mean: number
  readonly cv: number
  /** What the log resolves, if it is so coarse that values repeat; else 0. */
  readonly grain: number
  /** The best first. */
  readonly fits: readonly Fit[]
  /** The data's own quantiles, for where no family fits. */
  readonly empirical: Fit
  /** A distance that chance alone exceeds once in twenty times. */
  readonly chance: number
}

/** Fits families of distributions to at least `FEWEST` values of at least 0, in ascending order, by maximum likelihood. */
export function fitAll(sorted: Float64Array): Fitting {
  const zeros = sorted.findIndex((value) => value > 0)
  const grain = grainOf(sorted)
  const values = withoutZeros(sorted, zeros, grain)
  const data = dataOf(values)
  const found = data.logVariance < 1e-12 ? [constantFit(data)] : fitsOf(data, grain)
  const empirical: DistributionSpec & { type: 'empirical' } = {
    type: 'empirical',
    values: quantilesOf(values),
  }
  return {
    count: values.length,
    zeros: Math.max(0, zeros < 0 ? values.length : zeros),
    mean: data.mean,
    cv: data.cv,
    grain,
    fits: found,
    empirical: {
      spec: empirical,
      parameters: QUANTILES,
      aic: NaN,
      distance: 1 / (2 * empirical.values.length),
    },
    chance: 1.358 / Math.sqrt(values.length),
  }
}

function fitsOf(data: Data, grain: number): Fit[] {
  const fits: Fit[] = []
  for (const family of FAMILIES) {
    const likeliest = family(data)
    if (likeliest === undefined) continue
    const { logLikelihood, parameters, spec } = likeliest
    const aic = 2 * parameters - 2 * logLikelihood
    // Nothing that a scenario could not have: where data are as wide as numbers can be, a figure is infinite.
    if (!Number.isFinite(aic) || !isSound(spec)) continue
    const distribution = createDistribution(spec)
    const distance = distanceOf(data.values, (x) => distribution.cdf(x), grain)
    fits.push({ spec, parameters, aic, distance })
  }
  return fits.sort((a, b) => a.aic - b.aic)
}

function isSound(spec: DistributionSpec): boolean {
  try {
    createDistribution(spec)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function constantFit({ mean }: Data): Fit {
  return { spec: { type: 'constant', value: mean }, parameters: 1, aic: -Infinity, distance: 0 }
}

/** Of values that were rounded to a grain it is measured in the middle between two: what was rounded cannot be told from a step. */
function distanceOf(values: Float64Array, cdf: (x: number) => number, grain: number): number {
  const { length } = values
  let distance = 0
  for (let first = 0; first < length;) {
    const value = values[first]
    let next = first + 1
    while (next < length && values[next] === value) next++
    const below = cdf(value < grain ? grain / 2 : value + grain / 2)
    distance = Math.max(distance, Math.abs(below - next / length))
    if (grain === 0) distance = Math.max(distance, Math.abs(below - first / length))
    first = next
  }
  return distance
}

/** The smallest step between values, where most of them share theirs with others. */
function grainOf(sorted: Float64Array): number {
  let distinct = 1
  let step = Infinity
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i] === sorted[i - 1]) continue
    distinct++
    step = Math.min(step, sorted[i] - sorted[i - 1])
  }
  return distinct > 1 && distinct < sorted.length / 2 ? step : 0
}

function withoutZeros(sorted: Float64Array, zeros: number, grain: number): Float64Array {
  if (zeros === 0) return sorted
  // Rounded to 0 is what is below half a grain, and half of that is its middle.
  const stand = grain > 0 ? grain / 4 : sorted[Math.max(0, zeros)] / 2
  return sorted.map((value) => (value > 0 ? value : stand))
}

function dataOf(values: Float64Array): Data {
  const { length } = values
  let [sum, logSum] = [0, 0]
  for (let i = 0; i < length; i++) {
    sum += values[i]
    logSum += Math.log(values[i])
  }
  const [mean, logMean] = [sum / length, logSum / length]
  let [squares, logSquares] = [0, 0]
  for (let i = 0; i < length; i++) {
    squares += (values[i] - mean) ** 2
    logSquares += (Math.log(values[i]) - logMean) ** 2
  }
  const cv = Math.sqrt(squares / length) / mean
  return { values, mean, logMean, logVariance: logSquares / length, cv }
}

/** In the middle of each hundredth. */
function quantilesOf(values: Float64Array): number[] {
  return Array.from({ length: QUANTILES }, (_, i) => quantileOf(values, (i + 0.5) / QUANTILES))
}

/** How good a distance is, in words. */
export function howGood({ distance }: Fit, chance: number): string {
  if (distance <= chance) return 'no difference beyond chance'
  if (distance <= 0.02) return 'very close'
  if (distance <= 0.05) return 'close'
  return distance <= 0.1 ? 'rough' : 'poor'
}
