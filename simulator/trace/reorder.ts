import type { TraceEntry } from './trace.ts'

/**
 * Puts the entries of a trace in order of time, as far as they are not further out of it than `room` entries: a log that is written at the
 * end of requests is out of order by those in flight. Equal times stay as they were.
 */
export class Reorder {
  /** Entries that stood behind later ones. */
  moved = 0
  /** Entries that came too late even so, and get the time of the one before. */
  late = 0
  private readonly room: number
  private readonly emit: (entry: TraceEntry) => void
  private held: TraceEntry[] = []
  private sorted = true
  private latest = -Infinity
  private emitted = -Infinity

  constructor(emit: (entry: TraceEntry) => void, room = 65_536) {
    this.emit = emit
    this.room = room
  }

  add(entry: TraceEntry): void {
    if (entry.t < this.latest) {
      this.moved++
      this.sorted = false
    } else this.latest = entry.t
    this.held.push(entry)
    if (this.held.length >= 2 * this.room) this.pass(this.room)
  }

  end(): void {
    this.pass(this.held.length)
  }

  private pass(number: number): void {
    const { held } = this
    if (!this.sorted) held.sort((a, b) => a.t - b.t)
    this.sorted = true
    this.held = held.slice(number)
    for (let i = 0; i < number; i++) {
      const entry = held[i]
      if (entry.t < this.emitted) {
        this.late++
        entry.t = this.emitted
      }
      this.emitted = entry.t
      this.emit(entry)
    }
  }
}
