/** How far a copy may be off. Shares: of a time, or points where the figure is a share itself. */
export interface Bounds {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly share: number
  readonly errors: number
  readonly leastBusy: number
}

/** Unless somebody says otherwise. Cheap to import: help texts have them. */
export const BOUNDS: Bounds = {
  p50: 0.1,
  p95: 0.15,
  p99: 0.2,
  share: 0.02,
  errors: 0.01,
  leastBusy: 0.05,
}
