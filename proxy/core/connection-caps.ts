import type { Memory } from './memory.ts'

/** Counts open connections of all threads, and lets no more in than there may be. */
export class ConnectionCaps {
  /** Most connections at a time; `Infinity` for no limit. */
  readonly most: number
  private readonly memory: Memory
  /** At 0 the count of all, then what each thread has of it: so that what a dead one had is not lost. */
  private readonly counts: Int32Array
  private readonly own: number

  constructor(memory: Memory, most: number) {
    this.memory = memory
    this.most = most
    this.counts = memory.ints(1 + memory.threads)
    this.own = 1 + memory.thread
  }

  get open(): number {
    return this.memory.load(this.counts, 0)
  }

  /** Takes a place. False: there is none. */
  enter(): boolean {
    const { counts, memory, most } = this
    let count = 0
    do {
      count = memory.load(counts, 0)
      if (count >= most) return false
    } while (!memory.swap(counts, 0, count, count + 1))
    counts[this.own]++
    return true
  }

  leave(): void {
    this.memory.add(this.counts, 0, -1)
    this.counts[this.own]--
  }

  /** A thread has died, and its connections with it. Says how many they were. */
  forfeit(thread: number): number {
    const held = this.counts[1 + thread]
    this.counts[1 + thread] = 0
    this.memory.add(this.counts, 0, -held)
    return held
  }
}
