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
 * How many, how recent and how near is ours: the last 15, ten seconds, and the nearest number that has any. Memory is fixed. Writing keeps
 * a row in order, which costs some moves; so reading is a look, and a sort of at most 14 only where some of them are old.
 */
export class RecentLatencies {
  /** A ring of `KEPT` a row. */
  private readonly values = new Float64Array(ROWS * KEPT)
  private readonly times = new Float64Array(ROWS * KEPT)
  /** The values of each row, ascending. */
  private readonly ranked = new Float64Array(ROWS * KEPT)
  /** How many each row has, and where in its ring the next one goes. */
  private readonly filled = new Int32Array(ROWS)
  private readonly next = new Int32Array(ROWS)
  private readonly sorted = new Float64Array(KEPT)

  /** A request that met `others` in hand took `latency`. */
  add(others: number, latency: number, now: number): void {
    const { filled, next, ranked, times, values } = this
    const row = rowOf(others)
    const start = row * KEPT
    const at = start + next[row]
    let place = start + filled[row]
    if (filled[row] < KEPT) filled[row]++
    else place = this.placeOf(values[at], start)
    // In order again: what was at that place may go, and those between there and where the new one belongs move by one.
    const last = start + filled[row] - 1
    for (; place > start && ranked[place - 1] > latency; place--) ranked[place] = ranked[place - 1]
    for (; place < last && ranked[place + 1] < latency; place++) ranked[place] = ranked[place + 1]
    ranked[place] = latency
    values[at] = latency
    times[at] = now
    next[row] = next[row] + 1 === KEPT ? 0 : next[row] + 1
  }

  /** What one would take that met so many; NaN while nothing is known. */
  at(others: number, now: number): number {
    const row = rowOf(others)
    const recent = this.nearest(row, now - RECENT)
    if (recent >= 0) return this.median(recent, now - RECENT)
    const any = this.nearest(row, -Infinity)
    return any < 0 ? NaN : this.median(any, -Infinity)
  }

  /** Where that value is among those in order of a full row. */
  private placeOf(value: number, start: number): number {
    const { ranked } = this
    const last = start + KEPT - 1
    let place = start
    while (place < last && ranked[place] !== value) place++
    return place
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
    if (this.filled[row] === 0) return NaN
    const next = this.next[row]
    return this.times[row * KEPT + (next === 0 ? KEPT : next) - 1]
  }

  /** Of two in the middle the lower. */
  private median(row: number, since: number): number {
    const { ranked, sorted, times, values } = this
    const start = row * KEPT
    const filled = this.filled[row]
    const oldest = times[filled < KEPT ? start : start + this.next[row]]
    if (oldest >= since) return ranked[start + ((filled - 1) >> 1)]
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
