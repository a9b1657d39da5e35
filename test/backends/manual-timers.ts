import type { Timers } from '../../backends/timers.ts'

interface Pending {
  due: number
  fire: () => void
}

/** A fake's time, moved by hand. */
export class ManualTimers implements Timers {
  time = 0
  /** Every delay that was asked for, in order. */
  readonly delays: number[] = []
  private readonly pending = new Set<Pending>()

  now(): number {
    return this.time
  }

  start<T>(delay: number, fire: (subject: T) => void, subject: T): Pending {
    const timer = { due: this.time + delay, fire: () => fire(subject) }
    this.delays.push(delay)
    this.pending.add(timer)
    return timer
  }

  stop(timer: unknown): void {
    this.pending.delete(timer as Pending)
  }

  get waiting(): number {
    return this.pending.size
  }

  /** Moves the time, and fires what is due on the way, in order. */
  advance(milliseconds: number): void {
    const end = this.time + milliseconds
    for (;;) {
      const [next] = [...this.pending].toSorted((a, b) => a.due - b.due)
      if (next === undefined || next.due > end) break
      this.pending.delete(next)
      this.time = next.due
      next.fire()
    }
    this.time = end
  }
}
