import { Hyperexponential } from './hyperexponential.ts'
import { logGamma, normalCdf, rootOfFalling } from './special.ts'

/** What a fit comes to, as a scenario writes its work. */
export type FittedSpec =
  | { type: 'constant'; value: number }
  | { type: 'exponential'; mean: number }
  | { type: 'erlang'; mean: number; stages: number }
  | { type: 'lognormal'; mean: number; cv: number }
  | { type: 'weibull'; mean: number; shape: number }
  | { type: 'hyperexponential'; branches: { share: number; mean: number }[] }
  | { type: 'bounded_pareto'; min: number; max: number; shape: number }
  | { type: 'empirical'; values: number[] }

/** Values above 0 in ascending order, and what all families ask of them. */
export interface Data {
  readonly values: Float64Array
  readonly mean: number
  /** The mean of the logarithms, and their variance. */
  readonly logMean: number
  readonly logVariance: number
  readonly cv: number
}

interface Likeliest {
  readonly spec: FittedSpec
  /** How many figures were chosen. */
  readonly parameters: number
  readonly logLikelihood: number
  /** How likely a value is to be at most x. */
  readonly cdf: (x: number) => number
}

/** The member of a family that makes the data likeliest; undefined where the family has none for such data. */
export type Family = (data: Data) => Likeliest | undefined

export const exponential: Family = ({ mean, values }) => ({
  spec: { type: 'exponential', mean },
  parameters: 1,
  logLikelihood: -values.length * (Math.log(mean) + 1),
  cdf: (x) => -Math.expm1(-x / mean),
})

const MOST_STAGES = 1000

/** Gamma with a whole shape. Given the number of stages the mean is the data's; what is left is concave in the number. */
export const erlang: Family = ({ logMean, mean, values }) => {
  const each = (k: number): number => k * Math.log(k / mean) - logGamma(k) + (k - 1) * logMean - k
  let [low, high] = [1, MOST_STAGES]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (each(middle) < each(middle + 1)) low = middle + 1
    else high = middle
  }
  const stages = low
  // With one stage it is the exponential.
  if (stages === 1) return undefined
  return {
    spec: { type: 'erlang', mean, stages },
    parameters: 2,
    logLikelihood: values.length * each(stages),
    cdf: (x) => erlangCdf((stages * x) / mean, stages),
  }
}

/** 1 - exp(-y) (1 + y + … + y^(stages - 1) / (stages - 1)!), summed from the largest term that matters. */
function erlangCdf(y: number, stages: number): number {
  if (y <= 0) return 0
  let term = Math.exp((stages - 1) * Math.log(y) - y - logGamma(stages))
  let sum = 0
  for (let i = stages - 1; i >= 0 && term > 1e-18; i--) {
    sum += term
    term *= i / y
  }
  // Far below the mean the terms begin too small to count, and the sum of all of them is 1.
  return sum === 0 && y < stages ? 0 : Math.max(0, 1 - sum)
}

export const lognormal: Family = ({ logMean, logVariance, values }) => {
  const sigma = Math.sqrt(logVariance)
  return {
    spec: {
      type: 'lognormal',
      mean: Math.exp(logMean + logVariance / 2),
      cv: Math.sqrt(Math.expm1(logVariance)),
    },
    parameters: 2,
    logLikelihood: -values.length * (logMean + Math.log(sigma) + (Math.log(2 * Math.PI) + 1) / 2),
    cdf: (x) => (x <= 0 ? 0 : normalCdf((Math.log(x) - logMean) / sigma)),
  }
}

/** The likelihood's derivative by the shape has one root (Johnson, Kotz, Balakrishnan, "Continuous Univariate Distributions" 1, 1994, ch. 21). */
export const weibull: Family = ({ logMean, values }) => {
  const largest = values[values.length - 1]
  const logs = values.map((value) => Math.log(value / largest))
  const logOff = logMean - Math.log(largest)
  // Powers of x / largest, so that none is beyond what a number can hold.
  const falling = (shape: number): number => {
    let sum = 0
    let weighted = 0
    for (let i = 0; i < logs.length; i++) {
      const power = Math.exp(shape * logs[i])
      sum += power
      weighted += power * logs[i]
    }
    return 1 / shape + logOff - weighted / sum
  }
  const [least, most] = [0.05, 500]
  if (falling(least) < 0 || falling(most) > 0) return undefined
  const shape = rootOfFalling(falling, least, most)
  let sum = 0
  for (let i = 0; i < logs.length; i++) sum += Math.exp(shape * logs[i])
  const logScale = Math.log(largest) + Math.log(sum / logs.length) / shape
  return {
    spec: { type: 'weibull', mean: Math.exp(logScale + logGamma(1 + 1 / shape)), shape },
    parameters: 2,
    logLikelihood: values.length * (Math.log(shape) - shape * logScale + (shape - 1) * logMean - 1),
    cdf: (x) => (x <= 0 ? 0 : -Math.expm1(-Math.exp(shape * (Math.log(x) - logScale)))),
  }
}

/** Aban, Meerschaert and Panorska, "Parameter Estimation for the Truncated Pareto Distribution", JASA 101(473), 2006. */
export const boundedPareto: Family = ({ logMean, values }) => {
  const [min, max] = [values[0], values[values.length - 1]]
  const span = Math.log(max / min)
  const mean = logMean - Math.log(min)
  const falling = (shape: number): number => 1 / shape - span / Math.expm1(shape * span) - mean
  const [least, most] = [1e-6, 700 / span]
  if (falling(least) < 0 || falling(most) > 0) return undefined
  const shape = rootOfFalling(falling, least, most)
  const within = -Math.expm1(-shape * span)
  return {
    spec: { type: 'bounded_pareto', min, max, shape },
    parameters: 3,
    logLikelihood:
      values.length * (Math.log(shape / within) + shape * Math.log(min) - (shape + 1) * logMean),
    cdf: (x) => {
      if (x <= min) return 0
      return x >= max ? 1 : -Math.expm1(-shape * Math.log(x / min)) / within
    },
  }
}

/** Two branches; what varies less than an exponential has none. */
export const hyperexponential: Family = ({ cv, mean, values }) => {
  if (cv <= 1) return undefined
  const mixture = new Hyperexponential(mean, cv)
  mixture.fit(values)
  const { logLikelihood, longer, share, shorter } = mixture
  return {
    spec: {
      type: 'hyperexponential',
      branches: [
        { share, mean: shorter },
        { share: 1 - share, mean: longer },
      ],
    },
    parameters: 3,
    logLikelihood,
    cdf: (x) => -share * Math.expm1(-x / shorter) - (1 - share) * Math.expm1(-x / longer),
  }
}
