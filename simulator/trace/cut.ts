import type { TraceEntry } from './trace.ts'

export interface CutOptions {
  /** Milliseconds from the first request: what came before `from`, or at `to` or later, is left out. */
  readonly from: number
  readonly to: number
  /** At most so many requests. */
  readonly limit: number
  /** Divides every time. */
  readonly speed: number
}

/** Picks a window out of a trace that is in order, and makes its beginning time 0. */
export class Cut {
  /** Nothing that is still to come is wanted. */
  done = false
  private readonly options: CutOptions
  private readonly emit: (entry: TraceEntry) => void
  private first: number | undefined
  private taken = 0

  constructor(options: CutOptions, emit: (entry: TraceEntry) => void) {
    this.options = options
    this.emit = emit
  }

  add(entry: TraceEntry): void {
    const { from, limit, speed, to } = this.options
    this.first ??= entry.t
    const t = entry.t - this.first
    if (t >= to || this.taken >= limit) this.done = true
    if (this.done || t < from) return
    this.taken++
    entry.t = (t - from) / speed
    this.emit(entry)
  }
}
