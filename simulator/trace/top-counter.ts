export interface Counted {
  readonly key: string
  readonly count: number
  readonly share: number
}

/**
 * Counts keys exactly while there are no more than `limit` of them. From there on the rarest are forgotten again and again, so a
 * frequent key's count can only be a little too low, by `lost` at most (Manku and Motwani, "Approximate Frequency Counts over Data
 * Streams", VLDB 2002).
 */
export class TopCounter {
  total = 0
  /** By how much a count can be too low. */
  lost = 0
  private readonly limit: number
  private readonly counts = new Map<string, number>()

  constructor(limit = 1_000_000) {
    this.limit = limit
  }

  /** How many keys there are; at least, if some were forgotten. */
  get distinct(): number {
    return this.counts.size
  }

  add(key: string): void {
    this.total++
    const count = this.counts.get(key)
    if (count !== undefined) {
      this.counts.set(key, count + 1)
      return
    }
    // A copy: a piece of a text keeps the whole text in memory.
    this.counts.set(` ${key}`.slice(1), 1)
    if (this.counts.size > this.limit) this.forget()
  }

  /** The most frequent ones; of equally frequent ones the first in the order of characters. */
  top(number: number): Counted[] {
    return this.ranked()
      .slice(0, number)
      .map(([key, count]) => ({ key, count, share: count / this.total }))
  }

  /** The share of everything that this many of the most frequent keys have together. */
  shareOfTop(number: number): number {
    let sum = 0
    for (const [, count] of this.ranked().slice(0, number)) sum += count
    return sum / this.total
  }

  private ranked(): [string, number][] {
    return [...this.counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  }

  private forget(): void {
    for (let cut = 1; this.counts.size > this.limit / 2; cut *= 2) {
      for (const [key, count] of this.counts) if (count <= cut) this.counts.delete(key)
      this.lost += cut
    }
  }
}
