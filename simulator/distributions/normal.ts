import { exp } from '../../proxy/core/exponential.ts'
import { log } from '../../proxy/core/logarithm.ts'
/**
 * Turns probabilities into quantiles of the standard normal distribution, in place: algorithm AS 241, PPND16, right to about
 * 1 part in 10^16. Wichura, "Algorithm AS 241: The Percentage Points of the Normal Distribution", Applied Statistics 37(3), 1988.
 */
export function normalQuantiles(values: Float64Array): void {
  for (let i = 0; i < values.length; i++) {
    const p = values[i]
    const q = p - 0.5
    if (q >= -0.425 && q <= 0.425) {
      const r = 0.180625 - q * q
      values[i] =
        (q *
          (((((((2509.0809287301227 * r + 33430.57558358813) * r + 67265.7709270087) * r +
            45921.95393154987) *
            r +
            13731.69376550946) *
            r +
            1971.5909503065513) *
            r +
            133.14166789178438) *
            r +
            3.3871328727963665)) /
        (((((((5226.495278852854 * r + 28729.085735721943) * r + 39307.89580009271) * r +
          21213.794301586597) *
          r +
          5394.196021424751) *
          r +
          687.1870074920579) *
          r +
          42.31333070160091) *
          r +
          1)
      continue
    }
    const tail = q < 0 ? p : 1 - p
    const root = Math.sqrt(-log(tail))
    let x: number
    if (tail === 0) {
      x = Infinity
    } else if (root <= 5) {
      const r = root - 1.6
      x =
        (((((((0.0007745450142783414 * r + 0.022723844989269184) * r + 0.2417807251774506) * r +
          1.2704582524523684) *
          r +
          3.6478483247632045) *
          r +
          5.769497221460691) *
          r +
          4.630337846156546) *
          r +
          1.4234371107496835) /
        (((((((1.0507500716444169e-9 * r + 0.0005475938084995345) * r + 0.015198666563616457) * r +
          0.14810397642748008) *
          r +
          0.6897673349851) *
          r +
          1.6763848301838038) *
          r +
          2.053191626637759) *
          r +
          1)
    } else {
      const r = root - 5
      x =
        (((((((2.0103343992922881e-7 * r + 2.7115555687434876e-5) * r + 0.0012426609473880784) * r +
          0.026532189526576124) *
          r +
          0.29656057182850487) *
          r +
          1.7848265399172913) *
          r +
          5.463784911164114) *
          r +
          6.657904643501103) /
        (((((((2.0442631033899397e-15 * r + 1.421511758316446e-7) * r + 1.8463183175100548e-5) * r +
          0.0007868691311456133) *
          r +
          0.014875361290850615) *
          r +
          0.1369298809227358) *
          r +
          0.599832206555888) *
          r +
          1)
    }
    values[i] = q < 0 ? -x : x
  }
}

/**
 * The standard normal distribution function, right to about 1 part in 10^15 of 1 (not of a small answer): the series of Marsaglia,
 * "Evaluating the Normal Distribution", Journal of Statistical Software 11(4), 2004.
 */
export function normalCdf(x: number): number {
  if (x < -8) return 0
  if (x > 8) return 1
  let sum = x
  let term = x
  for (let i = 3; ; i += 2) {
    term *= (x * x) / i
    if (!(Math.abs(sum + term) > Math.abs(sum))) break
    sum += term
  }
  return 0.5 + sum * exp(-0.5 * x * x - 0.9189385332046728)
}
