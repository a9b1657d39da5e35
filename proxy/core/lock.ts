/** How often to look again before going to sleep, and for how long to sleep: a thread that holds the lock may be waiting for a core. */
const SPINS = 200
const NAP = 0.05

const HELD = 'this thread holds the lock already, or was ended while it waited for it'

/**
 * Lets one thread at a time change several numbers that belong together: a few additions, never anything that can wait.
 * Holds the number of its thread, so that one that dies inside can be found out (`free`).
 *
 * A thread that is ended leaves the JavaScript that it is in, once, wherever that stands: no `finally` is run. But Node may call it
 * again before it is gone, as its HTTP parser does for every request that had come already. Who then waits for a lock that is
 * his own, or that he was ended in front of, would wait for good, and never be gone. So he is told instead.
 */
export class Lock {
  private readonly word: Int32Array
  private readonly shared: boolean
  private readonly me: number
  /** It waits; or did when it was ended, which nobody could take back. */
  private waiting = false

  constructor(word: Int32Array, thread: number, shared: boolean) {
    this.word = word
    this.shared = shared
    this.me = thread + 1
  }

  enter(): void {
    if (this.shared) this.wait()
  }

  leave(): void {
    if (this.shared) Atomics.store(this.word, 0, 0)
  }

  /** A thread has died: it does not hold the lock any more. What it was changing may be half done. */
  free(thread: number): boolean {
    return Atomics.compareExchange(this.word, 0, thread + 1, 0) === thread + 1
  }

  private wait(): void {
    const { me, word } = this
    let holder = Atomics.compareExchange(word, 0, 0, me)
    if (holder === 0) return
    if (holder === me || this.waiting) throw new Error(HELD)
    this.waiting = true
    for (let spins = 0; holder !== 0; spins++) {
      if (spins > SPINS) Atomics.wait(word, 0, holder, NAP)
      holder = Atomics.compareExchange(word, 0, 0, me)
    }
    this.waiting = false
  }
}
