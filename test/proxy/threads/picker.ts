import { parentPort, workerData } from 'node:worker_threads'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

/** One of several threads that pick from one memory: see picks.test.ts. */
interface Data {
  buffer: SharedArrayBuffer
  /** Counts those who are ready, and those who have made their picks. */
  gate: Int32Array
  thread: number
  threads: number
  strategy: string
  weights: number[]
  picks: number
  open: number
  max: number
}

const { buffer, gate, thread, threads, strategy, weights, picks, open, max } = workerData as Data
const memory = new Memory(16, { buffer, thread, threads: threads + 1 })
const balancer = new Balancer({
  clock: new Clock(),
  rng: new Rng(1),
  strategy: findStrategy(strategy)!,
  memory,
})
weights.forEach((weight, i) => balancer.add(new Endpoint(`s${i}`, { weight, max })))
Atomics.add(gate, 0, 1)
while (Atomics.load(gate, 0) < threads); // All begin at the same time.

const held: Endpoint[] = []
let refused = 0
let most = 0
// On as long as anybody has to: so that they meet even where there are fewer cores than threads.
for (let i = 0; i < picks || Atomics.load(gate, 1) < threads; i++) {
  if (i === picks - 1) Atomics.add(gate, 1, 1)
  const server = balancer.acquire(i, 0)
  if (server === undefined) {
    refused++
    continue
  }
  if (server.inflight > most) most = server.inflight
  held.push(server)
  if (held.length >= open) balancer.release(held.shift()!, 1, 'ok')
}
for (const server of held) balancer.release(server, 1, 'ok')
parentPort!.postMessage({
  picks: balancer.servers.map((server) => balancer.picksOf(server)),
  refused,
  most,
})
