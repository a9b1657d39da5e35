import type { Clock } from './clock.ts'
import type { Memory } from './memory.ts'

/**
 * A thread that has not looked at its line for so long is stuck, or dead and not mourned yet: nobody waits for it. In milliseconds; threads look
 * ten times a second.
 */
const PATIENCE = 300

/**
 * Whose turn it is where each of several threads has a line of its own: that of the thread whose first one has waited longest. (Threads read
 * the same time.) Whoever sees that it is another's turn rings that one's bell, and leaves the room to him.
 */
export class Turns {
  /** Counts up with each ring; each thread waits for its own to change. */
  readonly bells: Int32Array
  /** Since when the first one waits that does not wait for a certain server, in each thread; 0: nobody does. */
  readonly since: Float64Array
  /** When each thread last looked at its line. */
  readonly seen: Float64Array
  readonly thread: number
  private readonly clock: Clock

  constructor(memory: Memory, clock: Clock) {
    this.bells = memory.ints(memory.threads)
    this.since = memory.floats(memory.threads)
    this.seen = memory.floats(memory.threads)
    this.thread = memory.thread
    this.clock = clock
  }

  /** Hot: the thread whose first one has waited longest, and longer than ours; -1: nobody has. */
  get elder(): number {
    const { seen, since, thread } = this
    const alive = this.clock.now - PATIENCE
    let longest = since[thread] === 0 ? Infinity : since[thread]
    let elder = -1
    for (let other = 0; other < since.length; other++) {
      const begun = since[other]
      if (begun === 0 || begun >= longest || seen[other] < alive) continue
      longest = begun
      elder = other
    }
    return elder
  }

  /** There may be room for that thread's first one. */
  ring(thread: number): void {
    Atomics.add(this.bells, thread, 1)
    Atomics.notify(this.bells, thread)
  }

  /** A thread has died. */
  forfeit(thread: number): void {
    this.since[thread] = 0
  }
}

/** A single thread has one line, and needs none. */
export function turnsOf(memory: Memory, clock: Clock): Turns | undefined {
  return memory.threads > 1 ? new Turns(memory, clock) : undefined
}
