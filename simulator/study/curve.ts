import { Clock } from '../../proxy/core/clock.ts'
import type { Outcome } from '../../proxy/core/recorder.ts'
import { RunRecorder } from '../run-recorder.ts'

/** Enough to see a warm-up of a hundredth of the run, and few enough to be sent along with each run. */
export const SLICES = 400

/**
 * Records a run, and beside it how response times went on: their sum and number in each of so many equal slices of time, by when the
 * requests came. That needs the same memory however long the run is.
 */
export class CurveRecorder extends RunRecorder {
  readonly sums = new Float64Array(SLICES)
  readonly counts = new Float64Array(SLICES)
  /** The simulation's, as soon as there is one. */
  clock = new Clock()
  private readonly start: number
  private readonly perSlice: number

  constructor(start: number, end: number) {
    super()
    this.start = start
    this.perSlice = (end - start) / SLICES
  }

  override request(latency: number, attempts: number, outcome: Outcome): void {
    super.request(latency, attempts, outcome)
    if (outcome !== 'ok') return
    const slice = Math.floor((this.clock.now - latency - this.start) / this.perSlice)
    // Rounding can put the first and the last one just outside.
    const at = Math.min(SLICES - 1, Math.max(0, slice))
    this.sums[at] += latency
    this.counts[at]++
  }
}

/** Of several runs, the mean in each slice; one that nothing came in is as the one before it. Empty if nothing came at all. */
export function meanCurve(
  runs: readonly { readonly sums: Float64Array; readonly counts: Float64Array }[],
): Float64Array {
  const means = new Float64Array(SLICES)
  let seen = NaN
  let first = SLICES
  for (let slice = 0; slice < SLICES; slice++) {
    let sum = 0
    let count = 0
    for (const { counts, sums } of runs) {
      sum += sums[slice]
      count += counts[slice]
    }
    if (count > 0) {
      seen = sum / count
      first = Math.min(first, slice)
    }
    means[slice] = seen
  }
  // Before the first there is nothing to be as.
  return first === SLICES ? new Float64Array(0) : means.fill(means[first], 0, first)
}
