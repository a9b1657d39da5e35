import type { Memory } from './memory.ts'

/**
 * Counts the requests in flight at each server, for all threads that balance together, and which thread has to give
 * back how many: so that what a dead one had is not lost. (The leak of one count is the classic balancer bug.)
 */
export class InFlight {
  /** By slot, of all threads. */
  readonly counts: Int32Array
  private readonly memory: Memory
  /** Of those the ones that each thread has taken, a row of slots a thread. */
  private readonly held: Int32Array
  private readonly row: number
  /** Counts up when a server became full or has room again, for all threads to see. */
  private readonly crowd: Int32Array

  constructor(memory: Memory) {
    this.memory = memory
    this.counts = memory.intPerSlot()
    this.held = memory.ints(memory.slots * memory.threads)
    this.row = memory.slots * memory.thread
    this.crowd = memory.ints(1)
  }

  /** Another number than before: somewhere the room has changed. */
  get crowding(): number {
    return this.crowd[0]
  }

  /** Hot: one more, unless that is beyond `max`. False: another thread took the last place. */
  take(slot: number, max: number): boolean {
    const count = this.memory.add(this.counts, slot, 1)
    if (count >= max) {
      this.memory.add(this.crowd, 0, 1)
      if (count > max) {
        this.memory.add(this.counts, slot, -1)
        return false
      }
    }
    this.held[this.row + slot]++
    return true
  }

  /** Hot: one less, of those that this thread has taken. Gives how many are left. */
  giveBack(slot: number, max: number): number {
    const left = this.memory.add(this.counts, slot, -1)
    this.held[this.row + slot]--
    if (left + 1 >= max) this.memory.add(this.crowd, 0, 1)
    return left
  }

  /** A thread has died: what it had is given back in its name. */
  forfeit(thread: number): void {
    const { counts, held, memory } = this
    for (let slot = 0; slot < memory.slots; slot++) {
      const index = memory.slots * thread + slot
      if (held[index] !== 0) memory.add(counts, slot, -held[index])
      held[index] = 0
    }
    memory.add(this.crowd, 0, 1)
  }
}
