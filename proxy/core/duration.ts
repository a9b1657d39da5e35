const DURATION = /^(-?\d+(?:\.\d+)?)\s*(ms|s|m)$/
const MILLISECONDS: Record<string, number> = { ms: 1, s: 1000, m: 60_000 }

/** The milliseconds of a text like `500ms`, `2s` or `1.5m`; undefined of any other. */
export function millisecondsOf(text: string): number | undefined {
  const [, number, unit] = DURATION.exec(text.trim()) ?? []
  if (unit === undefined) return undefined
  // Rounded to a millionth, so that 0.07s is 70 ms and not 70.00000000000001.
  return Math.round(Number(number) * MILLISECONDS[unit] * 1e6) / 1e6
}
