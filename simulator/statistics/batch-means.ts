import { CONFIDENCE, interval, type Interval } from './interval.ts'
import { finite, whole } from './preconditions.ts'

/**
 * So many batches suit most runs: enough for Student's t, few enough for each to be long. Schmeiser, "Batch size effects in the analysis
 * of simulation output", Operations Research 30(3), 1982: between 10 and 30.
 */
const BATCHES = 20

/** The means of that many equal runs of neighbours, after the first `cut`. What does not fill them is left out at the beginning, too. */
export function batchMeans(
  values: ArrayLike<number>,
  batches = BATCHES,
  cut = 0,
): Float64Array<ArrayBuffer> {
  whole(batches, 'batches')
  const left = values.length - whole(cut, 'cut', 0)
  if (left < batches) throw new RangeError(`${batches} batches need as many values, got ${left}`)
  const size = Math.floor(left / batches)
  const means = new Float64Array(batches)
  let at = values.length - batches * size
  for (let batch = 0; batch < batches; batch++) {
    let sum = 0
    for (let i = 0; i < size; i++) sum += values[at++]
    means[batch] = sum / size
  }
  return means
}

/**
 * The mean of one long run with an interval, although neighbours depend on each other: means of long batches hardly do. Too narrow if
 * batches are short; `lag1` of the batch means then is far above 0. Prefer replications where you can have them.
 */
export function batchInterval(
  values: ArrayLike<number>,
  batches = BATCHES,
  cut = 0,
  confidence = CONFIDENCE,
): Interval {
  return interval(batchMeans(finite(values, 'values'), batches, cut), confidence)
}

/** How much neighbours resemble each other: their correlation, from -1 to 1; 0 if all are the same. */
export function lag1(values: ArrayLike<number>): number {
  let mean = 0
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length
  let squares = 0
  let products = 0
  for (let i = 0; i < values.length; i++) {
    squares += (values[i] - mean) ** 2
    if (i > 0) products += (values[i] - mean) * (values[i - 1] - mean)
  }
  return squares === 0 ? 0 : products / squares
}
