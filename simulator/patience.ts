/** Something that has begun and may be late. */
export interface Timed<T> {
  readonly startedAt: number
  earlier: T | undefined
  later: T | undefined
  /** It is in the list. */
  timed: boolean
}

/**
 * Those that wait for no longer than a given time. All have the same patience, so they run out in the order in which they began: a
 * list instead of a heap, one event for all instead of one each, and nothing left behind by those that ended in time.
 */
export class Patience<T extends Timed<T>> {
  private readonly patience: number
  private first: T | undefined = undefined
  private last: T | undefined = undefined

  /** `patience`: in milliseconds. */
  constructor(patience: number) {
    this.patience = patience
  }

  /** When the first of them is late; `Infinity` if there is none. */
  get dueAt(): number {
    return this.first === undefined ? Infinity : this.first.startedAt + this.patience
  }

  /** One begins, no earlier than those before it. */
  add(one: T): void {
    one.timed = true
    one.earlier = this.last
    one.later = undefined
    if (this.last === undefined) this.first = one
    else this.last.later = one
    this.last = one
  }

  remove(one: T): void {
    if (!one.timed) return
    const { earlier, later } = one
    if (earlier === undefined) this.first = later
    else earlier.later = later
    if (later === undefined) this.last = earlier
    else later.earlier = earlier
    one.earlier = undefined
    one.later = undefined
    one.timed = false
  }

  /** Takes out one that is late by `now`, the first to be; undefined if none is. */
  late(now: number): T | undefined {
    const { first } = this
    if (first === undefined || first.startedAt + this.patience > now) return undefined
    this.remove(first)
    return first
  }
}
