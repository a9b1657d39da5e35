import { parentPort, workerData } from 'node:worker_threads'
import { commonClock } from '../../../proxy/threads/common-clock.ts'

/** Reads the time whenever it is its turn: see common-clock.test.ts. */
const { epoch, turn } = workerData as { epoch: bigint; turn: Int32Array }
const now = commonClock(epoch)
const times: number[] = []
for (let i = 0; i < 40; i += 2) {
  Atomics.wait(turn, 0, i)
  times.push(now())
  Atomics.store(turn, 0, i + 2)
  Atomics.notify(turn, 0)
}
parentPort!.postMessage(times)
