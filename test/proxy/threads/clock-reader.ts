import { parentPort, workerData } from 'node:worker_threads'

/** Reads the time whenever it is its turn: see clock.test.ts. */
const { turn } = workerData as { turn: Int32Array }
const times: number[] = []
for (let i = 0; i < 40; i += 2) {
  Atomics.wait(turn, 0, i)
  times.push(performance.now())
  Atomics.store(turn, 0, i + 2)
  Atomics.notify(turn, 0)
}
parentPort!.postMessage(times)
