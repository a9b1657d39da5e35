/**
 * Simulates one strategy among so many servers, in a process of its own, with everything recorded. Run by sim.ts; prints what it finds
 * as JSON.
 */
import { getHeapStatistics } from 'node:v8'
import { RunRecorder } from '../../simulator/run-recorder.ts'
import { Simulation } from '../../simulator/simulation.ts'
import { countable } from '../../test/laws/allocation.ts'
import type { MemorySample, Run } from './sim-messages.ts'
import { assertMean, rateOf, scenarioOf, SETTLING } from './sim-model.ts'

/** Requests before anything is measured, if that is not more than what is: until the compiler is through. */
const WARM_UP = 500_000

const [what, strategy = '', ...numbers] = process.argv.slice(2)
const [servers, seed, requests] = numbers.map(Number)
const span = (count: number): number => (count / rateOf(servers)) * 1000
const warmup = Math.max(span(Math.min(WARM_UP, requests)), SETTLING)
const recorder = new RunRecorder()
const simulation = new Simulation({ ...scenarioOf(strategy, servers, seed), warmup }, recorder)
simulation.run(warmup)
console.log(JSON.stringify(what === 'speed' ? speed() : memory()))

function speed(): Run {
  const { clients } = simulation
  const before = clients.generated
  const bytesBefore = allocated()
  const start = performance.now()
  const cpuStart = process.cpuUsage()
  simulation.run(warmup + span(requests))
  const { system, user } = process.cpuUsage(cpuStart)
  const wall = performance.now() - start
  const bytes = allocated() - bytesBefore
  const count = clients.generated - before
  check()
  const { mean } = recorder.requests.latency
  return { requests: count, wall, cpu: (system + user) / 1000, bytes: bytes / count, mean }
}

/** After a hundredth, a tenth, and all of them. */
function memory(): MemorySample[] {
  return [100, 10, 1].map((part) => {
    simulation.run(warmup + span(requests / part))
    check()
    globalThis.gc?.()
    const { heapUsed, rss } = process.memoryUsage()
    return { requests: simulation.clients.generated, resident: rss, heap: heapUsed }
  })
}

/** Nothing got lost, and what was simulated is what theory says. */
function check(): void {
  const { clients, stations } = simulation
  let inHand = 0
  for (const station of stations) inHand += station.inHand
  if (clients.underWay !== inHand) {
    throw new Error(`${clients.underWay} requests are under way, and ${inHand} at the servers`)
  }
  assertMean(strategy, servers, recorder.requests.latency)
}

function allocated(): number {
  if (!countable) return NaN
  const found = getHeapStatistics() as unknown as { total_allocated_bytes: number }
  return found.total_allocated_bytes
}
