import { Worker } from 'node:worker_threads'

const THREAD = new URL('alarm-thread.ts', import.meta.url)

/**
 * Wakes its owner at a time, to about a fifth of a millisecond. Node's own timers count whole milliseconds and cut what is left over; a loop
 * that looks at the clock would need a processor of its own. So a thread sleeps until then, and sends a message.
 */
export class Alarm {
  private readonly changes = new Int32Array(new SharedArrayBuffer(4))
  private readonly times = new Float64Array(new SharedArrayBuffer(8))
  private readonly thread: Worker
  private at = Infinity

  constructor(ring: () => void) {
    this.times[0] = Infinity
    const { changes, times } = this
    this.thread = new Worker(THREAD, { workerData: { changes, times } })
    this.thread.on('message', () => {
      this.at = Infinity
      ring()
    })
  }

  /** At this time, by `monotonic`, and at no other. */
  set(at: number): void {
    if (at === this.at) return
    this.at = at
    this.times[0] = at
    Atomics.add(this.changes, 0, 1)
    Atomics.notify(this.changes, 0)
  }

  async close(): Promise<void> {
    await this.thread.terminate()
  }
}
