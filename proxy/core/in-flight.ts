import type { Endpoint } from './endpoint.ts'
import type { Memory } from './memory.ts'

/** What matters of a server here. Handed over whole: a limit passed by itself may be boxed. */
type Place = Pick<Endpoint, 'slot' | 'max'>

/**
 * Counts the requests in flight at each server, for all threads that balance together, and which thread has to give
 * back how many: so that what a dead one had is not lost. (The leak of one count is the classic balancer bug.)
 */
export class InFlight {
  /** By slot, of all threads. */
  readonly counts: Int32Array
  /** What strategies see of it: the same, or old news. */
  readonly seen: Int32Array
  private readonly memory: Memory
  /** Of those the ones that each thread has taken, a row of slots a thread. */
  private readonly held: Int32Array
  private readonly row: number
  /** Counts up when a server became full or has room again, or may get requests or no more, for all threads to see. */
  private readonly crowd: Int32Array

  constructor(memory: Memory, seen?: Int32Array) {
    this.memory = memory
    this.counts = memory.intPerSlot()
    this.seen = seen ?? this.counts
    this.held = memory.ints(memory.slots * memory.threads)
    this.row = memory.slots * memory.thread
    this.crowd = memory.ints(1)
  }

  /** Another number than before: who may get requests has changed. */
  get crowding(): number {
    return this.crowd[0]
  }

  /** The same, so that whatever is read afterwards is no older. */
  get crowdingNow(): number {
    return this.memory.load(this.crowd, 0)
  }

  /** Who may get requests has changed, for another reason than room. */
  stir(): void {
    this.memory.add(this.crowd, 0, 1)
  }

  /** How many of a server's requests in flight this thread has to give back. */
  ownAt(slot: number): number {
    return this.held[this.row + slot]
  }

  /**
   * Hot: one more, unless that is beyond `max`. False: another thread took the last place. A limit is never exceeded, not even for a
   * moment, or a third thread could take the server for full and not hear that it is not. Between the count and `held` there is
   * no call: a thread is stopped where one begins, if at all, and what it has counted must be known.
   */
  take(server: Place): boolean {
    const { counts, memory } = this
    const { max, slot } = server
    let count = 0
    if (max === Infinity) {
      count = memory.add(counts, slot, 1)
    } else {
      do {
        count = counts[slot] + 1
        // A slot that somebody else's strategy has moved out of range has no count: do not try for ever to change it.
        if (!(count <= max)) return count !== count
      } while (!memory.swap(counts, slot, count - 1, count))
    }
    this.held[this.row + slot]++
    if (count >= max) memory.add(this.crowd, 0, 1)
    return true
  }

  /** Hot: one less, of those that this thread has taken. Gives how many of them are left. */
  giveBack(server: Place): number {
    const { max, slot } = server
    const left = this.memory.add(this.counts, slot, -1)
    const own = --this.held[this.row + slot]
    if (left + 1 >= max) this.memory.add(this.crowd, 0, 1)
    return own
  }

  /** A thread has died: what it had is given back in its name. Says how much that was. */
  forfeit(thread: number): number {
    const { counts, held, memory } = this
    let given = 0
    for (let slot = 0; slot < memory.slots; slot++) {
      const index = memory.slots * thread + slot
      if (held[index] !== 0) memory.add(counts, slot, -held[index])
      given += held[index]
      held[index] = 0
    }
    memory.add(this.crowd, 0, 1)
    return given
  }
}
