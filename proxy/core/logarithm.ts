import { DOUBLE, HIGH, POWERS, WORDS, ZERO } from './double-bits.ts'

/*
 * Why not Math.log: ECMAScript leaves its last bits to the engine, and engines make use of that. V8 14.6 (Node 26) and V8 15.3
 * (Chromium 153) do not agree in the last bit of one logarithm in 14. What follows takes sums, products and quotients
 * only, which IEEE 754 defines to the last bit: a run is the same run in every engine. `architecture.test.ts` keeps Math's away.
 *
 * It is fdlibm's (e_log.c, s_log1p.c), right to less than 1 unit in the last place:
 *
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc. business.
 * Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.
 */

/** ln 2 in two parts: the first ends in zeros, so that multiples of it are exact. */
const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const TWO54 = 18014398509481984

/** The natural logarithm. So short that V8 always inlines it: a call with a fraction, or that gives one, would allocate. */
export function log(x: number): number {
  DOUBLE[0] = x
  take()
  return DOUBLE[0]
}

/** Of what `DOUBLE` has, and into it. */
function take(): void {
  const x = DOUBLE[0]
  const top = WORDS[HIGH]
  if (top < 0x00100000 || top >= 0x7ff00000) {
    DOUBLE[0] = rareLog(x)
    return
  }
  // x = 2^k (1 + f), with 1 + f from sqrt(1/2) to sqrt(2).
  const mantissa = top & 0x000fffff
  const k = (top >> 20) - 1023 + ((mantissa + 0x95f64) >> 20)
  const f = x * POWERS[ZERO - k] - 1
  const high = k * LN2_HIGH
  const low = k * LN2_LOW
  if ((0x000fffff & (2 + mantissa)) < 3) {
    DOUBLE[0] = f === 0 ? high + low : high - (f * f * (0.5 - 0.3333333333333333 * f) - low - f)
    return
  }
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const r =
    z *
      (0.6666666666666735 +
        w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586))) +
    w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))
  if (((mantissa - 0x6147a) | (0x6b851 - mantissa)) <= 0) {
    DOUBLE[0] = high - (s * (f - r) - low - f)
    return
  }
  const half = 0.5 * f * f
  DOUBLE[0] = high - (half - (s * (half + r) + low) - f)
}

/** Of 0, of what is negative, infinite or no number, and of what is below the least normal number. */
function rareLog(x: number): number {
  if (x === 0) return -Infinity
  if (x < 0) return NaN
  return x < 1 ? log(x * TWO54) - 54 * (LN2_HIGH + LN2_LOW) : x
}

/** log(1 + x), also where 1 + x would be rounded to 1. */
export function log1p(x: number): number {
  DOUBLE[0] = x
  const high = WORDS[HIGH]
  if (x <= -1) return x === -1 ? -Infinity : NaN
  if (!(x < Infinity)) return x
  const size = high & 0x7fffffff
  if (size < 0x3e200000) return size < 0x3c900000 ? x : x - x * x * 0.5
  let k = 0
  let f = x
  let lost = 0
  let mantissa = 1
  // From -0.2929 to 0.41422 it is x itself; else 1 + x = 2^k (1 + f), less what rounding has lost.
  if (!((high > 0 && high < 0x3fda827a) || high <= (0xbfd2bec4 | 0))) {
    const sum = high < 0x43400000 ? 1 + x : x
    DOUBLE[0] = sum
    const above = WORDS[HIGH]
    k = (above >> 20) - 1023
    lost = (high < 0x43400000 ? (k > 0 ? 1 - (sum - x) : x - (sum - 1)) : 0) / sum
    mantissa = above & 0x000fffff
    const up = mantissa >= 0x6a09e
    if (up) {
      k++
      mantissa = (0x00100000 - mantissa) >> 2
    }
    f = sum * POWERS[ZERO - k] - 1
  }
  const half = 0.5 * f * f
  if (mantissa === 0) {
    const r = half * (1 - 0.6666666666666666 * f)
    if (f === 0) return k * LN2_HIGH + (lost + k * LN2_LOW)
    return k * LN2_HIGH - (r - (k * LN2_LOW + lost) - f)
  }
  const s = f / (2 + f)
  const z = s * s
  const r =
    z *
    (0.6666666666666735 +
      z *
        (0.3999999999940942 +
          z *
            (0.2857142874366239 +
              z *
                (0.22222198432149784 +
                  z * (0.1818357216161805 + z * (0.15313837699209373 + z * 0.14798198605116586))))))
  return k * LN2_HIGH - (half - (s * (half + r) + (k * LN2_LOW + lost)) - f)
}
