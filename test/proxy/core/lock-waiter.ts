import { createServer } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'
import { Memory, type Place } from '../../../proxy/core/memory.ts'

/** A thread that wants the lock for each request: see lock.test.ts. */
const { gate, place } = workerData as { gate: Int32Array; place: Place }
const { lock } = new Memory(1, place)

const { wait } = Atomics
// Told only when it waits in the lock: who is ended a moment before, on its way in, waits for the lock's holder (DECISIONS 44).
Atomics.wait = ((word: Int32Array, index: number, value: number, nap?: number) => {
  Atomics.add(gate, 1, 1)
  return wait(word, index, value, nap)
}) as typeof Atomics.wait

const server = createServer((_, answer) => {
  lock.enter()
  lock.leave()
  answer.end()
})
server.listen(0, '127.0.0.1', () => parentPort!.postMessage(server.address()))
// Until all requests have come: so that they are handled in one turn of the loop.
parentPort!.on('message', () => wait(gate, 0, 0))
