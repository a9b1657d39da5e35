/**
 * Counts durations in buckets of constant relative width, as HdrHistogram does (Gil Tene, 2012).
 *
 * A double is sign, exponent and mantissa, so the exponent and the top six bits of the mantissa are already the number of a
 * bucket: 64 to an octave, found by one shift. A bucket's midpoint is at most 1/128 (0.78 %) away from any value in it.
 * From 2^-10 ms (about a microsecond) to 2^24 ms (4.7 hours); what is outside counts in the first or last bucket. The
 * smallest, the largest and the sum are kept exactly. Histograms add up without further loss.
 */
const SUB_BITS = 6
const LOWEST_EXPONENT = -10
const HIGHEST_EXPONENT = 24
const SHIFT = 20 - SUB_BITS // Bits of mantissa in a double's high word, less those that number the bucket.
const OFFSET = (1023 + LOWEST_EXPONENT) << SUB_BITS
export const BUCKETS = (HIGHEST_EXPONENT - LOWEST_EXPONENT) << SUB_BITS

const double = new Float64Array(1)
const words = new Int32Array(double.buffer)
double[0] = 1
const HIGH = words[1] === 0 ? 0 : 1 // The high word's place depends on the machine's byte order.

/** The bucket that counts `value`. Below the range (0, negative, NaN) it is the first. */
export function bucketOf(value: number): number {
  double[0] = value
  const index = (words[HIGH] >> SHIFT) - OFFSET
  return index < 0 || value !== value ? 0 : index < BUCKETS ? index : BUCKETS - 1
}

/** The value in the middle of a bucket, in milliseconds. */
export function midpointOf(bucket: number): number {
  const octave = 2 ** ((bucket >> SUB_BITS) + LOWEST_EXPONENT)
  return octave * (1 + ((bucket & ((1 << SUB_BITS) - 1)) + 0.5) / (1 << SUB_BITS))
}

export class Histogram {
  /** How many values were recorded. */
  count = 0
  /** Exact, in milliseconds. */
  sum = 0
  /** Exact; `Infinity` while empty. */
  min = Infinity
  /** Exact; 0 while empty. */
  max = 0
  private readonly counts = new Float64Array(BUCKETS)

  /** Hot: allocates nothing. What is no duration (negative, NaN) counts as 0. */
  record(value: number): void {
    if (!(value >= 0)) value = 0
    this.counts[bucketOf(value)]++
    this.count++
    this.sum += value
    if (value < this.min) this.min = value
    if (value > this.max) this.max = value
  }

  add(other: Histogram): void {
    if (other.count === 0) return
    const last = bucketOf(other.max)
    for (let i = bucketOf(other.min); i <= last; i++) this.counts[i] += other.counts[i]
    this.addTotals(other.count, other.sum, other.min, other.max)
  }

  clear(): void {
    if (this.count === 0) return
    this.counts.fill(0, bucketOf(this.min), bucketOf(this.max) + 1)
    this.count = 0
    this.sum = 0
    this.min = Infinity
    this.max = 0
  }

  get mean(): number {
    return this.count === 0 ? NaN : this.sum / this.count
  }

  /**
   * The value that a share `q` (0 to 1) of what was recorded does not exceed, by nearest rank: some recorded value, known to
   * 0.78 %. `NaN` while empty.
   */
  quantile(q: number): number {
    if (this.count === 0) return NaN
    const rank = Math.max(1, Math.ceil(q * this.count - 1e-9)) // 0.99 * 100 is a hair above 99.
    if (rank >= this.count) return this.max
    let seen = 0
    const last = bucketOf(this.max)
    for (let i = bucketOf(this.min); i <= last; i++) {
      seen += this.counts[i]
      if (seen >= rank) return Math.min(this.max, Math.max(this.min, midpointOf(i)))
    }
    return this.max
  }

  /** How many values lie in buckets up to the one of `value`: what a cumulative (Prometheus) histogram shows. */
  countUpTo(value: number): number {
    if (this.count === 0 || value < this.min) return 0
    if (value >= this.max) return this.count
    let seen = 0
    const last = bucketOf(value)
    for (let i = bucketOf(this.min); i <= last; i++) seen += this.counts[i]
    return seen
  }

  /** Only the buckets that are not empty, as bucket, count, bucket, count, …: small enough to send every second. */
  toSparse(): number[] {
    const sparse: number[] = []
    if (this.count === 0) return sparse
    const last = bucketOf(this.max)
    for (let i = bucketOf(this.min); i <= last; i++) {
      if (this.counts[i] > 0) sparse.push(i, this.counts[i])
    }
    return sparse
  }

  /** Adds what another histogram's `toSparse` gave, with its exact totals. */
  addSparse(sparse: readonly number[], sum: number, min: number, max: number): void {
    let count = 0
    for (let i = 0; i + 1 < sparse.length; i += 2) {
      this.counts[sparse[i]] += sparse[i + 1]
      count += sparse[i + 1]
    }
    if (count > 0) this.addTotals(count, sum, min, max)
  }

  private addTotals(count: number, sum: number, min: number, max: number): void {
    this.count += count
    this.sum += sum
    if (min < this.min) this.min = min
    if (max > this.max) this.max = max
  }
}
