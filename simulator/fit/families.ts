import type { DistributionSpec } from '../distributions.ts'
import { logGamma } from '../distributions/log-gamma.ts'
import { Hyperexponential } from './hyperexponential.ts'
import { rootOfFalling } from './root.ts'

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
  readonly spec: DistributionSpec
  /** How many figures were chosen. */
  readonly parameters: number
  readonly logLikelihood: number
}

/** The member of a family that makes the data likeliest; undefined where the family has none for such data. */
export type Family = (data: Data) => Likeliest | undefined

export const exponential: Family = ({ mean, values }) => ({
  spec: { type: 'exponential', mean },
  parameters: 1,
  logLikelihood: -values.length * (Math.log(mean) + 1),
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
  }
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
  }
}

/** Two branches; what varies less than an exponential has none. */
export const hyperexponential: Family = ({ cv, mean, values }) => {
  if (cv <= 1) return undefined
  const mixture = new Hyperexponential(mean, cv)
  mixture.fit(values)
  const { logLikelihood, longer, shorter } = mixture
  // In millionths, so that the shares add up to 1 as they are written, too.
  const millionths = Math.min(999_999, Math.max(1, Math.round(mixture.share * 1e6)))
  return {
    spec: {
      type: 'hyperexponential',
      branches: [
        { share: millionths / 1e6, mean: shorter },
        { share: (1e6 - millionths) / 1e6, mean: longer },
      ],
    },
    parameters: 3,
    logLikelihood,
  }
}
