import { POWERS, ZERO } from './double-bits.ts'

/*
 * Why not Math.exp: see `logarithm.ts`. This is fdlibm's (e_exp.c, s_expm1.c), right to less than 1 unit in the last place:
 *
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc. business.
 * Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.
 */

/** ln 2 in two parts: the first ends in zeros, so that multiples of it are exact. */
const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const PER_LN2 = Math.LOG2E
const HALF_LN2 = 0.34657359027997264

/** From here on there is no number large enough, or none small enough. */
const MOST = 709.782712893384
const LEAST = -745.1332191019411

/** What `raise` is given, and what it gives. */
export const power = new Float64Array(1)

/** e^x. */
export function exp(x: number): number {
  power[0] = x
  raise()
  return power[0]
}

/** Puts e^`power` into `power`. For hot paths: where V8 does not inline a call, a fraction that it is given or gives is allocated. */
export function raise(): void {
  const x = power[0]
  if (!(x >= LEAST && x <= MOST) || x === 1) {
    if (x < LEAST) power[0] = 0
    else if (x > MOST) power[0] = Infinity
    else if (x === 1) power[0] = Math.E
    return
  }
  if (x > -3.725290298461914e-9 && x < 3.725290298461914e-9) {
    power[0] = 1 + x
    return
  }
  // x = k ln 2 + rest.
  let k = 0
  if (x > 1.0397207708399179 || x < -1.0397207708399179)
    k = (PER_LN2 * x + (x < 0 ? -0.5 : 0.5)) | 0
  else if (x > HALF_LN2) k = 1
  else if (x < -HALF_LN2) k = -1
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const rest = high - low
  const square = rest * rest
  const c =
    rest -
    square *
      (0.16666666666666602 +
        square *
          (-0.0027777777777015593 +
            square *
              (6.613756321437934e-5 +
                square * (-1.6533902205465252e-6 + square * 4.1381367970572385e-8))))
  if (k === 0) power[0] = 1 - ((rest * c) / (c - 2) - rest)
  else if (k >= -1021 && k < 1024) {
    power[0] = (1 - (low - (rest * c) / (2 - c) - high)) * POWERS[ZERO + k]
  } else power[0] = scaled(1 - (low - (rest * c) / (2 - c) - high), k)
}

/** e^x - 1, also where e^x would be rounded to 1. */
export function expm1(x: number): number {
  if (!(x <= MOST)) return x > MOST ? Infinity : x
  if (x < -38.81624221801758) return -1
  if (x > -5.551115123125783e-17 && x < 5.551115123125783e-17) return x
  const k = steps(x)
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const rest = high - low
  const lost = high - rest - low
  const half = 0.5 * rest
  const square = rest * half
  const r =
    1 +
    square *
      (-0.03333333333333313 +
        square *
          (0.0015873015872548146 +
            square *
              (-7.93650757867488e-5 +
                square * (4.008217827329362e-6 + square * -2.0109921818362437e-7))))
  const t = 3 - r * half
  const e = square * ((r - t) / (6 - rest * t))
  if (k === 0) return rest - (rest * e - square)
  const excess = rest * (e - lost) - lost - square
  if (k === -1) return 0.5 * (rest - excess) - 0.5
  if (k === 1) return rest < -0.25 ? -2 * (excess - (rest + 0.5)) : 1 + 2 * (rest - excess)
  if (k <= -2 || k > 56) return scaled(1 - (excess - rest), k) - 1
  const least = scaled(1, -k)
  if (k < 20) return scaled(1 - least - (excess - rest), k)
  return scaled(rest - (excess + least) + 1, k)
}

/** How many times ln 2 is in x, to the nearest; 0 or 1 decided as fdlibm does. */
function steps(x: number): number {
  if (x > 1.0397207708399179 || x < -1.0397207708399179) {
    return Math.trunc(PER_LN2 * x + (x < 0 ? -0.5 : 0.5))
  }
  return x > HALF_LN2 ? 1 : x < -HALF_LN2 ? -1 : 0
}

/** y × 2^k, rounded once at most. */
function scaled(y: number, k: number): number {
  if (k === 1024) return y * 2 * POWERS[ZERO + 1023]
  return k >= -1021 ? y * POWERS[ZERO + k] : y * POWERS[ZERO + k + 1000] * POWERS[ZERO - 1000]
}
