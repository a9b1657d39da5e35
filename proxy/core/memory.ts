import { Lock } from './lock.ts'

/** Every array begins at a multiple of this, so that two of them never share a cache line. */
const LINE = 64

/** One number a server. */
export type PerSlot = Int32Array | Float64Array

/** The place of one thread among those that balance together. */
export interface Place {
  /**
   * The same for all of them. Everything in it is 0 before the first one begins. Undefined for one who only wants to know how
   * large it has to be: see `bytes`.
   */
  readonly buffer: SharedArrayBuffer | undefined
  /** Which one this is, from 0. */
  readonly thread: number
  /** How many there can be. */
  readonly threads: number
}

/**
 * Hands out the numbers that balancing keeps: counters, cursors, averages.
 *
 * Everything that changes during a pick lives in a typed array from here, so that many threads can share it: over plain
 * buffers in the simulator and over one `SharedArrayBuffer` where several threads balance together. Strategies do not know
 * which. An array "per slot" has one element a server, indexed by `Endpoint.slot`.
 *
 * Threads that ask for the same arrays in the same order get the same arrays. One that joins later, in place of one that
 * crashed, finds them as they are: so nobody writes while he is being made, and 0 has to mean "nothing yet".
 */
export class Memory {
  /** How many servers fit, counting those that were removed but still have requests in flight. */
  readonly slots: number
  /** Which thread this is, from 0, and how many balance together. */
  readonly thread: number
  readonly threads: number
  /** Keeps others away while several numbers have to change together. Free of charge for a single thread. */
  readonly lock: Lock
  private buffer: SharedArrayBuffer | undefined
  private perSlot: PerSlot[] = []
  private ownPerSlot: PerSlot[] = []
  /** Which thread has a server in which slot, a row of slots a thread. */
  private readonly claimed: Int32Array
  private readonly row: number
  /** This thread uses every slot before. */
  private fullUpTo = 0
  private used = 0

  constructor(slots = 1024, place?: Place) {
    this.slots = slots
    this.buffer = place?.buffer
    this.thread = place?.thread ?? 0
    this.threads = place?.threads ?? 1
    this.lock = new Lock(this.ints(1), this.thread, this.shared)
    this.claimed = this.ints(slots * this.threads)
    this.row = slots * this.thread
  }

  /** Several threads use the same numbers. */
  get shared(): boolean {
    return this.buffer !== undefined
  }

  /** What all the arrays that were handed out take, or would take, of a shared buffer. */
  get bytes(): number {
    return this.used
  }

  ints(length: number): Int32Array {
    const { buffer } = this
    const start = this.take(length * Int32Array.BYTES_PER_ELEMENT)
    return buffer === undefined ? new Int32Array(length) : new Int32Array(buffer, start, length)
  }

  floats(length: number): Float64Array {
    const { buffer } = this
    const start = this.take(length * Float64Array.BYTES_PER_ELEMENT)
    return buffer === undefined ? new Float64Array(length) : new Float64Array(buffer, start, length)
  }

  /** One integer a server, 0 at first and again whenever the slot gets a new server. */
  intPerSlot(): Int32Array {
    const array = this.ints(this.slots)
    this.perSlot.push(array)
    return array
  }

  /** One float a server, 0 at first and again whenever the slot gets a new server. */
  floatPerSlot(): Float64Array {
    const array = this.floats(this.slots)
    this.perSlot.push(array)
    return array
  }

  /** Likewise, but of this thread alone: for what is summed up elsewhere, or differs from thread to thread. */
  ownFloatPerSlot(): Float64Array {
    const array = new Float64Array(this.slots)
    this.ownPerSlot.push(array)
    return array
  }

  /**
   * All that `make` asks for per slot, so that it can be let go with `forget`. If it throws, that is done already. `room`: where the arrays
   * are, in place of the buffer of all: it is gone with them.
   */
  collect<T>(make: () => T, room?: SharedArrayBuffer): { made: T; arrays: readonly PerSlot[] } {
    const { buffer, ownPerSlot, perSlot, used } = this
    this.perSlot = []
    this.ownPerSlot = []
    if (room !== undefined) {
      this.buffer = room
      this.used = 0
    }
    try {
      const made = make()
      const arrays = [...this.perSlot, ...this.ownPerSlot]
      perSlot.push(...this.perSlot)
      ownPerSlot.push(...this.ownPerSlot)
      return { made, arrays }
    } finally {
      this.perSlot = perSlot
      this.ownPerSlot = ownPerSlot
      if (room !== undefined) {
        this.buffer = buffer
        this.used = used
      }
    }
  }

  /** Nobody uses these any more: they need not be cleared. (Of the buffer of all their room stays taken.) */
  forget(arrays: readonly PerSlot[]): void {
    this.perSlot = this.perSlot.filter((array) => !arrays.includes(array))
    this.ownPerSlot = this.ownPerSlot.filter((array) => !arrays.includes(array))
  }

  /** A server moves into a slot: nothing of who had it before is left. The first thread to say so clears what all share. */
  claim(slot: number): void {
    for (const array of this.ownPerSlot) array[slot] = 0
    this.lock.enter() // Or one could clear what another, which claimed at the same time, has counted since.
    if (this.vacant(slot)) for (const array of this.perSlot) array[slot] = 0
    this.claimed[this.row + slot] = 1
    this.lock.leave()
  }

  /** For this thread, the server of a slot has gone. */
  release(slot: number): void {
    this.claimed[this.row + slot] = 0
    if (slot < this.fullUpTo) this.fullUpTo = slot
  }

  /** This thread has a server in that slot. */
  has(slot: number): boolean {
    return this.claimed[this.row + slot] !== 0
  }

  /** No thread has a server in that slot. */
  vacant(slot: number): boolean {
    for (let at = slot; at < this.claimed.length; at += this.slots) {
      if (this.claimed[at] !== 0) return false
    }
    return true
  }

  /** The first slot that this thread does not use; `slots` if there is none. */
  get nextSlot(): number {
    while (this.fullUpTo < this.slots && this.has(this.fullUpTo)) this.fullUpTo++
    return this.fullUpTo
  }

  /** The first slot that no thread uses; `slots` if there is none. */
  get vacantSlot(): number {
    let slot = 0
    while (slot < this.slots && !this.vacant(slot)) slot++
    return slot
  }

  /** How many slots no thread uses. */
  get vacancies(): number {
    let count = 0
    for (let slot = 0; slot < this.slots; slot++) if (this.vacant(slot)) count++
    return count
  }

  /** A thread has died: whatever it claimed or locked is free. */
  forfeit(thread: number): void {
    this.lock.free(thread)
    this.claimed.fill(0, thread * this.slots, (thread + 1) * this.slots)
  }

  /** Reads what others write, and whatever they wrote before that. */
  load(array: Int32Array, index: number): number {
    return this.buffer === undefined ? array[index] : Atomics.load(array, index)
  }

  /** Hot: adds, and gives the sum. No other thread's change is lost. */
  add(array: Int32Array, index: number, change: number): number {
    if (this.buffer === undefined) return (array[index] += change)
    return Atomics.add(array, index, change) + change
  }

  /** Hot: writes `next` if the number is still `expected`, and says whether it was. */
  swap(array: Int32Array, index: number, expected: number, next: number): boolean {
    if (this.buffer !== undefined) {
      return Atomics.compareExchange(array, index, expected, next) === expected
    }
    if (array[index] !== expected) return false
    array[index] = next
    return true
  }

  private take(bytes: number): number {
    const start = this.used
    this.used = Math.ceil((start + bytes) / LINE) * LINE
    const room = this.buffer?.byteLength ?? Infinity
    if (this.used > room) throw new RangeError(`the shared memory of ${room} bytes is used up`)
    return start
  }
}
