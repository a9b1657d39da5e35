import { exp, expm1 } from '../../proxy/core/exponential.ts'
import { log, log1p } from '../../proxy/core/logarithm.ts'
import { above0, atLeast } from '../checks.ts'
import { Inverted } from './distribution.ts'
import { logGamma } from './log-gamma.ts'

export interface WeibullSpec {
  type: 'weibull'
  mean: number
  /** 1 is exponential; below, what has taken long will take longer; above, the end draws nearer. At least 0.05. */
  shape: number
}

/** Below, the mean is made of draws that no run is long enough to see. */
const LEAST_SHAPE = 0.05

/**
 * F(x) = 1 - exp(-(x / scale)^shape), mean = scale gamma(1 + 1 / shape). Weibull, "A Statistical Distribution Function of Wide
 * Applicability", Journal of Applied Mechanics 18, 1951.
 */
export class Weibull extends Inverted {
  readonly mean: number
  readonly scv: number
  private readonly scale: number
  private readonly shape: number

  constructor(spec: WeibullSpec, path: string) {
    super()
    this.mean = above0(spec.mean, `${path}.mean`)
    this.shape = atLeast(spec.shape, LEAST_SHAPE, `${path}.shape`)
    const first = logGamma(1 + 1 / this.shape)
    this.scale = this.mean / exp(first)
    this.scv = expm1(logGamma(1 + 2 / this.shape) - 2 * first)
  }

  cdf(x: number): number {
    if (x <= 0) return 0
    return -expm1(-exp(this.shape * log(x / this.scale)))
  }

  protected invert(values: Float64Array): void {
    const { scale } = this
    const power = 1 / this.shape
    for (let i = 0; i < values.length; i++) {
      values[i] = scale * exp(power * log(-log1p(-values[i])))
    }
  }
}
