/** So many of the latest are kept for about the same number in hand. Odd: the median is one of them. */
const KEPT = 15
/** What is older, in milliseconds, counts only where there is nothing younger. */
const RECENT = 10_000
/** Up to this number in hand each has a row of its own; above it there are so many rows a doubling. */
const EXACT = 16
const EXACT_DOUBLINGS = 4
/** 2^(1/4), 2^(2/4), 2^(3/4): where the rows of a doubling begin, the first excepted. */
const STEPS = [1.189207115002721, Math.SQRT2, 1.681792830507429]
const PER_DOUBLING = STEPS.length + 1
/** The highest row goes for everything from nearly 2^20 on. */
const ROWS = EXACT + 16 * PER_DOUBLING
const HIGHEST = 1 << 20

/**
 * What a request takes as a server itself sees it, by how many others it had in hand: what Prequal's probes carry. Each latency is
 * written down under the number that its request met, and the estimate is the median of recent ones at, or near, the number
 * in hand at present. Wydrowski, Kleinberg, Rumble, Archer, "Load is not what you should balance: Introducing Prequal",
 * NSDI 2024.
 *
 * How many, how recent and how near is ours: the last 15, ten seconds, and the nearest number that has any. Memory is fixed;
 * writing costs a few stores, reading a sort of at most 15.
 */
export class RecentLatencies {
  /** A ring of `KEPT` a row. */
  private readonly values = new Float64Array(ROWS * KEPT)
  private readonly times = new Float64Array(ROWS * KEPT)
  /** How many each row ever got. */
  private readonly counts = new Float64Array(ROWS)
  private readonly sorted = new Float64Array(KEPT)

  /** A request that met `others` in hand took `latency`. */
  add(others: number, latency: number, now: number): void {
    const row = rowOf(others)
    const at = row * KEPT + (this.counts[row]++ % KEPT)
    this.values[at] = latency
    this.times[at] = now
  }

  /** What one would take that met so many; NaN while nothing is known. */
  at(others: number, now: number): number {
    const row = rowOf(others)
    const recent = this.nearest(row, now - RECENT)
    if (recent >= 0) return this.median(recent, now - RECENT)
    const any = this.nearest(row, -Infinity)
    return any < 0 ? NaN : this.median(any, -Infinity)
  }

  /** The row nearest to this one whose latest is not older; of two as near the lower. -1: none. */
  private nearest(row: number, since: number): number {
    for (let distance = 0; distance < ROWS; distance++) {
      if (row >= distance && this.latest(row - distance) >= since) return row - distance
      if (row + distance < ROWS && this.latest(row + distance) >= since) return row + distance
    }
    return -1
  }

  /** When the row got its latest; NaN for one that has none. */
  private latest(row: number): number {
    const count = this.counts[row]
    return count === 0 ? NaN : this.times[row * KEPT + ((count - 1) % KEPT)]
  }

  /** Of two in the middle the lower. */
  private median(row: number, since: number): number {
    const { sorted, times, values } = this
    const start = row * KEPT
    const filled = Math.min(this.counts[row], KEPT)
    let count = 0
    for (let i = start; i < start + filled; i++) {
      if (times[i] < since) continue
      const value = values[i]
      let place = count++
      for (; place > 0 && sorted[place - 1] > value; place--) sorted[place] = sorted[place - 1]
      sorted[place] = value
    }
    return sorted[(count - 1) >> 1]
  }
}

function rowOf(others: number): number {
  if (others < EXACT) return others
  const doublings = 31 - Math.clz32(Math.min(others, HIGHEST))
  const part = Math.min(others, HIGHEST) / (1 << doublings)
  let row = EXACT + (doublings - EXACT_DOUBLINGS) * PER_DOUBLING
  for (let i = 0; i < STEPS.length && part >= STEPS[i]; i++) row++
  return Math.min(row, ROWS - 1)
}
