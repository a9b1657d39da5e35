/**
 * Things to come, in order of time; at equal times in the order in which they were scheduled, so that a run can be repeated.
 *
 * A binary heap over three arrays side by side: an entry costs no object. Williams, "Algorithm 232: Heapsort", Communications of
 * the ACM 7(6), 1964.
 */
export class EventQueue<T> {
  private readonly times: number[] = []
  private readonly orders: number[] = []
  private readonly events: T[] = []
  private scheduled = 0

  get length(): number {
    return this.times.length
  }

  /** When the next one is due; `Infinity` if there is none. */
  get nextAt(): number {
    return this.times.length === 0 ? Infinity : this.times[0]
  }

  /** Throws a `RangeError` for what is no time. */
  add(time: number, event: T): void {
    if (Number.isNaN(time)) throw new RangeError('an event must have a time')
    const { events, orders, times } = this
    const order = this.scheduled++
    let hole = times.length
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      if (times[parent] <= time) break // The one that was scheduled before stays above.
      this.move(parent, hole)
      hole = parent
    }
    times[hole] = time
    orders[hole] = order
    events[hole] = event
  }

  /** Takes the next one out; undefined if there is none. */
  take(): T | undefined {
    const { events, orders, times } = this
    if (times.length === 0) return undefined
    const first = events[0]
    const time = times.pop()!
    const order = orders.pop()!
    const event = events.pop()!
    if (times.length > 0) this.sink(time, order, event)
    return first
  }

  /** Puts an entry in the place of the first, and down to where it belongs. */
  private sink(time: number, order: number, event: T): void {
    const { events, orders, times } = this
    const { length } = times
    let hole = 0
    for (;;) {
      let child = 2 * hole + 1
      if (child >= length) break
      if (child + 1 < length && this.before(child + 1, times[child], orders[child])) child++
      if (!this.before(child, time, order)) break
      this.move(child, hole)
      hole = child
    }
    times[hole] = time
    orders[hole] = order
    events[hole] = event
  }

  private before(index: number, time: number, order: number): boolean {
    const { orders, times } = this
    return times[index] < time || (times[index] === time && orders[index] < order)
  }

  private move(from: number, to: number): void {
    this.times[to] = this.times[from]
    this.orders[to] = this.orders[from]
    this.events[to] = this.events[from]
  }
}
