const TURN = 6.283185307179586

/**
 * The sine of a part of a whole turn, for parts from 0 to 1, right to about 1 part in 10^16 of 1: Taylor's series, on the eighth of a turn
 * that the others mirror. Engines may take `Math.sin` from the machine's library, and the simulator is to give the same bits everywhere.
 */
export function sine(turn: number): number {
  const half = turn < 0.5 ? turn : turn - 0.5
  const quarter = half <= 0.25 ? half : 0.5 - half
  const part = quarter <= 0.125 ? quarter : 0.25 - quarter
  const x = TURN * part
  const r = x * x
  const value =
    quarter <= 0.125
      ? x *
        (1 +
          r *
            (-1 / 6 +
              r *
                (1 / 120 +
                  r *
                    (-1 / 5040 +
                      r *
                        (1 / 362_880 +
                          r *
                            (-1 / 39_916_800 + r * (1 / 6_227_020_800 - r / 1_307_674_368_000)))))))
      : 1 +
        r *
          (-1 / 2 +
            r *
              (1 / 24 +
                r *
                  (-1 / 720 +
                    r *
                      (1 / 40_320 +
                        r *
                          (-1 / 3_628_800 +
                            r *
                              (1 / 479_001_600 +
                                r * (-1 / 87_178_291_200 + r / 20_922_789_888_000)))))))
  return turn < 0.5 ? value : -value
}

export function cosine(turn: number): number {
  return sine(turn < 0.75 ? turn + 0.25 : turn - 0.75)
}
