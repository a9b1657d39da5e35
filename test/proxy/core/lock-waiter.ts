import { createServer } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'
import { Memory, type Place } from '../../../proxy/core/memory.ts'

/** A thread that wants the lock for each request: see lock.test.ts. */
const { gate, place } = workerData as { gate: Int32Array; place: Place }
const { lock } = new Memory(1, place)

const server = createServer((_, answer) => {
  Atomics.add(gate, 1, 1)
  lock.enter()
  lock.leave()
  answer.end()
})
server.listen(0, '127.0.0.1', () => parentPort!.postMessage(server.address()))
// Until all requests have come: so that they are handled in one turn of the loop.
parentPort!.on('message', () => Atomics.wait(gate, 0, 0))
