import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { commonClock } from '../../../proxy/threads/common-clock.ts'

test('a thread that began later reads the same time', async () => {
  const epoch = process.hrtime.bigint()
  const now = commonClock(epoch)
  expect(Math.abs(now())).toBeLessThan(5_000)
  // Each side writes the time down when it is its turn: what is read later must not be earlier.
  const turn = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(new URL('./clock-reader.ts', import.meta.url), {
    workerData: { epoch, turn },
  })
  const times: number[] = []
  for (let i = 0; i < 40; i += 2) {
    times[i] = now()
    Atomics.store(turn, 0, i + 1)
    Atomics.notify(turn, 0)
    // Not blocking: the worker is started by this thread.
    await Atomics.waitAsync(turn, 0, i + 1).value
  }
  const [theirs] = (await once(worker, 'message')) as [number[]]
  theirs.forEach((time, i) => (times[2 * i + 1] = time))
  // To within what finding the difference of two clocks may be wrong by.
  for (let i = 1; i < times.length; i++) {
    expect(times[i]).toBeGreaterThanOrEqual(times[i - 1] - 0.5)
  }
})
