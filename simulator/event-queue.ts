/** Room at first; it doubles when it is used up. */
const ROOM = 64

/** Something to come that is not in the queue, and its place in the order of scheduling; see `EventQueue.reserve`. */
export class Planned {
  at = 0.5 // Not an integer: from the start the engine keeps room for a double.
  order = 0
}

/**
 * Things to come, in order of time; at equal times in the order in which they were scheduled, so that a run can be repeated.
 *
 * A binary heap over typed arrays side by side: an entry costs no object. Williams, "Algorithm 232: Heapsort", Communications of
 * the ACM 7(6), 1964. Who takes an event mostly schedules another at once, so the place of the first is left open until then: the
 * new one sinks from there, and the last need not be moved up.
 */
export class EventQueue {
  private times = new Float64Array(ROOM)
  private orders = new Float64Array(ROOM)
  private events = new Int32Array(ROOM)
  private details = new Int32Array(ROOM)
  private size = 0
  /** The first has been taken and its place not yet been given to another. */
  private hollow = false
  private scheduled = 0
  /** What was scheduled along with the event that was taken last. */
  detail = 0
  /** See `follows`. */
  dueAt = 0.5

  get length(): number {
    return this.hollow ? this.size - 1 : this.size
  }

  /** When the next one is due; `Infinity` if there is none. */
  get nextAt(): number {
    if (this.hollow) this.close()
    return this.size === 0 ? Infinity : this.times[0]
  }

  /** The next one, and what was scheduled along with it. There must be one. */
  get first(): number {
    if (this.hollow) this.close()
    return this.events[0]
  }

  get firstDetail(): number {
    if (this.hollow) this.close()
    return this.details[0]
  }

  /** A place in the order of scheduling for something that is not kept here. */
  reserve(): number {
    return this.scheduled++
  }

  /**
   * Whether something kept elsewhere comes before everything here; then `dueAt` says when the first of all is due. In fields on
   * both sides: numbers that are passed or returned may be boxed, two events a request.
   */
  follows(other: Planned): boolean {
    if (this.hollow) this.close()
    const { at } = other
    const first = this.size === 0 ? Infinity : this.times[0]
    const follows = this.size === 0 || at < first || (at === first && other.order < this.orders[0])
    this.dueAt = follows ? at : first
    return follows
  }

  /** `event` and `detail`: two integers of 32 bits. Throws a `RangeError` for what is no time. */
  add(time: number, event: number, detail = 0): void {
    if (time !== time) throw new RangeError('an event must have a time')
    const order = this.scheduled++
    if (this.hollow) {
      this.hollow = false
      this.sink(time, order, event, detail)
      return
    }
    if (this.size === this.times.length) this.grow()
    const { details, events, orders, times } = this
    let hole = this.size++
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      if (times[parent] <= time) break // The one that was scheduled before stays above.
      times[hole] = times[parent]
      orders[hole] = orders[parent]
      events[hole] = events[parent]
      details[hole] = details[parent]
      hole = parent
    }
    times[hole] = time
    orders[hole] = order
    events[hole] = event
    details[hole] = detail
  }

  /** Takes the next one out. There must be one. */
  take(): number {
    if (this.hollow) this.close()
    if (this.size === 0) throw new RangeError('there is no event')
    this.hollow = true
    this.detail = this.details[0]
    return this.events[0]
  }

  /** Fills the place of the first with the last. */
  private close(): void {
    this.hollow = false
    const last = --this.size
    if (last === 0) return
    this.sink(this.times[last], this.orders[last], this.events[last], this.details[last])
  }

  /** Puts an entry in the place of the first, and down to where it belongs. */
  private sink(time: number, order: number, event: number, detail: number): void {
    const { details, events, orders, size, times } = this
    let hole = 0
    for (;;) {
      let child = 2 * hole + 1
      if (child >= size) break
      let earliest = times[child]
      const right = child + 1
      if (right < size) {
        const other = times[right]
        if (other < earliest || (other === earliest && orders[right] < orders[child])) {
          child = right
          earliest = other
        }
      }
      if (time < earliest || (time === earliest && order < orders[child])) break
      times[hole] = earliest
      orders[hole] = orders[child]
      events[hole] = events[child]
      details[hole] = details[child]
      hole = child
    }
    times[hole] = time
    orders[hole] = order
    events[hole] = event
    details[hole] = detail
  }

  private grow(): void {
    const room = this.times.length * 2
    const { details, events, orders, times } = this
    this.times = new Float64Array(room)
    this.orders = new Float64Array(room)
    this.events = new Int32Array(room)
    this.details = new Int32Array(room)
    this.times.set(times)
    this.orders.set(orders)
    this.events.set(events)
    this.details.set(details)
  }
}
