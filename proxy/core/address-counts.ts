import { mix32 } from './hash.ts'
import type { Memory } from './memory.ts'

/** An address has its number in one of so many neighbouring places, or none. */
const NEIGHBOURS = 32

const NOWHERE = -1

/**
 * Counts what each address has of something, for all threads, and lets none have more than its share.
 *
 * A table of fixed size, since threads can share nothing that grows. An address is two 32-bit numbers, so none is taken for another. It has
 * a place among the neighbours that its hash names. If others have taken all of them, it is let in uncounted: with a table twice as
 * large as what it has to hold that is rare, and to refuse somebody for what others do would be worse.
 */
export class AddressCounts {
  readonly most: number
  private readonly memory: Memory
  private readonly size: number
  /** Two numbers a place: the address that has it, or had it last. */
  private readonly keys: Int32Array
  /** What each thread has counted, a row of places a thread. Each writes its own row alone. */
  private readonly counts: Int32Array
  private readonly row: number

  /** `room`: how many addresses it has to hold. */
  constructor(memory: Memory, most: number, room: number) {
    this.memory = memory
    this.most = most
    let size = NEIGHBOURS
    while (size < 2 * room) size *= 2
    this.size = size
    this.keys = memory.ints(2 * this.size)
    this.counts = memory.ints(this.size * memory.threads)
    this.row = this.size * memory.thread
  }

  /** Gives what `leave` wants to have; undefined: the address has its share. */
  enter(high: number, low: number): number | undefined {
    const { lock } = this.memory
    lock.enter() // Two threads must not both take the last place, or give one place two addresses.
    const place = this.find(high, low)
    const full = place !== NOWHERE && this.countAt(place) >= this.most
    if (place !== NOWHERE && !full) {
      this.keys[2 * place] = high
      this.keys[2 * place + 1] = low
      this.counts[this.row + place]++
    }
    lock.leave()
    return full ? undefined : place
  }

  leave(place: number): void {
    if (place >= 0) this.counts[this.row + place]--
  }

  countOf(high: number, low: number): number {
    const place = this.find(high, low)
    return place === NOWHERE ? 0 : this.countAt(place)
  }

  /** A thread has died: what it had counted is gone. */
  forfeit(thread: number): void {
    this.counts.fill(0, this.size * thread, this.size * (thread + 1))
  }

  /** The place of that address, else one that is free. */
  private find(high: number, low: number): number {
    const { keys, size } = this
    const start = mix32(high ^ mix32(low))
    let free = NOWHERE
    for (let i = 0; i < NEIGHBOURS; i++) {
      const place = (start + i) & (size - 1)
      const used = this.countAt(place) > 0
      if (used && keys[2 * place] === high && keys[2 * place + 1] === low) return place
      if (!used && free === NOWHERE) free = place
    }
    return free
  }

  private countAt(place: number): number {
    let sum = 0
    for (let at = place; at < this.counts.length; at += this.size) sum += this.counts[at]
    return sum
  }
}
