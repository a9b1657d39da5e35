import type { Endpoint } from '../../proxy/core/endpoint.ts'
import type { Outcome } from '../../proxy/core/recorder.ts'
import { resultOf, type RunResult } from '../../simulator/result.ts'
import { RunRecorder } from '../../simulator/run-recorder.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { Simulation } from '../../simulator/simulation.ts'
import { Welford } from '../../simulator/statistics/interval.ts'

/** What one replication showed. Times are milliseconds, and so mean services where the mean work is 1. */
export interface Run {
  readonly result: RunResult
  /** What those took that ended well, in ascending order: exact, where a histogram would round. */
  readonly times: Float64Array
  /** Of all that were sent and had no answer yet, ten times a second. */
  readonly inFlight: Welford
}

/** Keeps every time as it was. */
class Times extends RunRecorder {
  readonly inFlight = new Welford()
  private values = new Float64Array(1024)
  private count = 0

  override request(latency: number, attempts: number, outcome: Outcome): void {
    super.request(latency, attempts, outcome)
    if (outcome !== 'ok') return
    if (this.count === this.values.length) {
      const longer = new Float64Array(2 * this.count)
      longer.set(this.values)
      this.values = longer
    }
    this.values[this.count++] = latency
  }

  override tick(servers: readonly Endpoint[] = []): void {
    if (this.count === 0) return // Nobody is counted yet.
    let sum = 0
    for (const { inflight } of servers) sum += inflight
    this.inFlight.add(sum)
  }

  sorted(): Float64Array {
    return this.values.slice(0, this.count).sort()
  }
}

export function run(scenario: Scenario): Run {
  const recorder = new Times()
  const simulation = new Simulation(scenario, recorder)
  simulation.run()
  const result = resultOf(simulation, recorder)
  return { result, times: recorder.sorted(), inFlight: recorder.inFlight }
}

export function meanTime({ times }: Run): number {
  let sum = 0
  for (let i = 0; i < times.length; i++) sum += times[i]
  return sum / times.length
}

/** What a share `p` of them did not exceed. */
export function quantile(p: number): (run: Run) => number {
  return ({ times }) => times[Math.ceil(p * times.length) - 1]
}

/** Requests in hand a server, on average over time. */
export function inHand({ result: { servers } }: Run): number {
  let sum = 0
  for (const server of servers) sum += server.inHand
  return sum / servers.length
}

/** The share of the requests that ended so. */
export function share(outcome: Outcome): (run: Run) => number {
  return ({ result: { requests } }) => requests.outcomes[outcome] / requests.count
}

export function attemptsEach({ result: { requests, retries } }: Run): number {
  return 1 + retries / requests.count
}

/** Good answers a millisecond. */
export function throughput({ result: { requests, span } }: Run): number {
  return requests.outcomes.ok / span
}
