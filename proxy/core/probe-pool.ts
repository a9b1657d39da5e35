import type { Clock } from './clock.ts'

/**
 * What servers said of themselves a short while ago: a few entries, oldest first, one a server at most. Plain arrays, of one
 * thread alone.
 */
export class ProbePool {
  /** How many entries there are; they begin at 0 in each of the arrays. */
  count = 0
  readonly slots: Int32Array
  /** Requests that the server has in hand, with those given to it since. */
  readonly inflight: Float64Array
  /** In milliseconds. */
  readonly latency: Float64Array
  /** When the entry was made. */
  readonly time: Float64Array
  /** How often the entry may still be used; 0: as often as one likes. */
  readonly uses: Int32Array
  private readonly clock: Clock

  constructor(clock: Clock, size: number) {
    this.clock = clock
    this.slots = new Int32Array(size)
    this.inflight = new Float64Array(size)
    this.latency = new Float64Array(size)
    this.time = new Float64Array(size)
    this.uses = new Int32Array(size)
  }

  /** Makes the newest entry, in place of the server's last one, or of the oldest where there is no room; gives its index. */
  add(slot: number, uses: number): number {
    for (let i = 0; i < this.count; i++) if (this.slots[i] === slot) this.remove(i)
    if (this.count === this.slots.length) this.remove(0)
    const index = this.count++
    this.slots[index] = slot
    this.time[index] = this.clock.now
    this.uses[index] = uses
    return index
  }

  /** One more request goes to this entry's server. */
  use(index: number): void {
    this.inflight[index]++
    if (this.uses[index] > 0 && --this.uses[index] === 0) this.remove(index)
  }

  remove(index: number): void {
    const { inflight, latency, slots, time, uses } = this
    const last = --this.count
    for (let i = index; i < last; i++) {
      slots[i] = slots[i + 1]
      inflight[i] = inflight[i + 1]
      latency[i] = latency[i + 1]
      time[i] = time[i + 1]
      uses[i] = uses[i + 1]
    }
  }

  /** Drops what is older than `age` milliseconds. */
  expire(age: number): void {
    const { clock, time } = this
    while (this.count > 0 && clock.now - time[0] > age) this.remove(0)
  }
}
