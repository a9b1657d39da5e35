/**
 * Hands out the numbers that balancing keeps: counters, cursors, averages.
 *
 * Everything that changes during a pick lives in a typed array from here, so that many threads can share it: over a plain
 * buffer in the simulator and over a `SharedArrayBuffer` where several threads balance together. Strategies do not know
 * which. An array "per slot" has one element a server, indexed by `Endpoint.slot`.
 */
export class Memory {
  /** How many servers fit, counting those that were removed but still have requests in flight. */
  readonly slots: number
  private readonly shared: boolean
  private readonly perSlot: (Int32Array | Float64Array)[] = []

  constructor(slots = 1024, shared = false) {
    this.slots = slots
    this.shared = shared
  }

  ints(length: number): Int32Array {
    return new Int32Array(this.buffer(length * Int32Array.BYTES_PER_ELEMENT))
  }

  floats(length: number): Float64Array {
    return new Float64Array(this.buffer(length * Float64Array.BYTES_PER_ELEMENT))
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

  /** Forgets everything about a slot, in every array handed out per slot. */
  reset(slot: number): void {
    for (const array of this.perSlot) array[slot] = 0
  }

  private buffer(bytes: number): ArrayBufferLike {
    return this.shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes)
  }
}
