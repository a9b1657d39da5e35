/**
 * A quantile of the last few numbers: they are kept sorted, so that asking costs nothing and adding one moves a few. Plain
 * arrays, of one thread alone.
 */
export class RecentQuantile {
  /** One element: the quantile, the smallest of the numbers that at least that part of them is not above. Infinity before any. */
  readonly value = Float64Array.of(Infinity)
  private readonly part: number
  /** In order of arrival, in a circle. */
  private readonly recent: Float64Array
  private readonly sorted: Float64Array
  private count = 0
  private next = 0

  /** `part`: 0.5 for the median. `size`: how many numbers to keep. */
  constructor(part: number, size: number) {
    this.part = part
    this.recent = new Float64Array(size)
    this.sorted = new Float64Array(size)
  }

  /** Hot: takes the number that `box` holds, in an array so that the engine need not box it. */
  add(box: Float64Array, index: number): void {
    const { recent, sorted } = this
    if (this.count === recent.length) this.forget()
    let i = this.count++
    for (; i > 0 && sorted[i - 1] > box[index]; i--) sorted[i] = sorted[i - 1]
    sorted[i] = box[index]
    recent[this.next] = box[index]
    this.next = (this.next + 1) % recent.length
    this.value[0] = sorted[Math.max(0, Math.ceil(this.part * this.count) - 1)]
  }

  /** Takes the oldest out. */
  private forget(): void {
    const { next, recent, sorted } = this
    const last = --this.count
    let i = 0
    while (sorted[i] < recent[next]) i++
    for (; i < last; i++) sorted[i] = sorted[i + 1]
  }
}
