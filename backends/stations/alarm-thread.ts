/** The thread of an `Alarm`: sleeps in the kernel, which knows fractions of a millisecond, until the time that is written in its cells. */
import { parentPort, workerData } from 'node:worker_threads'
import { monotonic } from './monotonic.ts'

const { changes, times } = workerData as { changes: Int32Array; times: Float64Array }

for (;;) {
  const seen = Atomics.load(changes, 0)
  const wait = times[0] - monotonic()
  if (wait > 0) Atomics.wait(changes, 0, seen, wait)
  if (Atomics.load(changes, 0) !== seen) continue // Another time has been set.
  if (wait > 0 && monotonic() < times[0]) continue
  parentPort?.postMessage(0)
  Atomics.wait(changes, 0, seen)
}
