import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'

/** Time stamps in the shared memory are compared by all threads. */
test('a thread that began later reads the same time', async () => {
  // Each side writes the time down when it is its turn: what is read later must not be earlier.
  const turn = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(new URL('./clock-reader.ts', import.meta.url), {
    workerData: { turn },
  })
  const times: number[] = []
  for (let i = 0; i < 40; i += 2) {
    times[i] = performance.now()
    Atomics.store(turn, 0, i + 1)
    Atomics.notify(turn, 0)
    // Not blocking: the worker is started by this thread.
    await Atomics.waitAsync(turn, 0, i + 1).value
  }
  const [theirs] = (await once(worker, 'message')) as [number[]]
  theirs.forEach((time, i) => (times[2 * i + 1] = time))
  for (let i = 1; i < times.length; i++) {
    expect(times[i]).toBeGreaterThanOrEqual(times[i - 1])
  }
})
