/** What is written on the axis: as far apart as they matter. */
export const NAMED = [
  [0.5, 'p50'],
  [0.9, 'p90'],
  [0.99, 'p99'],
  [0.999, 'p99.9'],
  [0.9999, 'p99.99'],
] as const

/** On the axis: 1 is p90, 2 is p99, and so on. */
export function placeOf(share: number): number {
  return Math.log10(1 / (1 - share))
}
