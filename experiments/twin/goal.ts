import { readThreshold, type Threshold } from '../thresholds/threshold.ts'

/** Percentiles that are compared. */
export const PERCENTILES = ['p50', 'p95', 'p99'] as const
export type Percentile = (typeof PERCENTILES)[number]

/** What the lab wants of each strategy that it foretells: how far off it may be. */
export const GOAL: readonly Threshold[] = [
  'twin.p50.error <= 5%',
  'twin.p99.error <= 10%',
  'twin.share.error <= 1%',
].map(readThreshold)

/** `p99` for `twin.p99.error`. */
export function partOf({ figure }: Threshold): string {
  return figure.name.split('.')[1]
}
