import { STRATEGIES } from '../../proxy/strategies/index.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { mmcTime } from '../../simulator/theory/erlang.ts'
import { mm1Time } from '../../simulator/theory/m-m-1.ts'
import { roundRobinTime } from '../../simulator/theory/round-robin.ts'

export const RHO = 0.9
/** Mean work, in milliseconds. */
const WORK = 10
/**
 * What the standard error of a mean response time is multiplied with, as a share of it, by the root of the number of requests: in M/M/1 at this
 * load, which of all that is simulated here varies most (Whitt, "Planning Queueing Simulations", Management Science 35(11), 1989).
 */
const RELATIVE_ERROR = 19
/** Standard errors that a mean may be off. Seeds are fixed: what passes once passes always. */
const ERRORS = 4.5
/** Virtual milliseconds until queues have found their level: five times (1 - sqrt(rho))^-2 mean services. */
export const SETTLING = 20_000

/** All that the simulator can do at this load; `first` cannot, without limits: one server would get everything. */
export const SIMULATED: readonly string[] = STRATEGIES.map(({ name }) => name).filter(
  (name) => name !== 'first',
)

/** Those that do not look at every server at every request, and the one that others are measured against. */
export const LARGE: readonly string[] = [
  'round_robin',
  'random',
  'power_of_two',
  'least_connections',
  'peak_ewma',
  'join_idle_queue',
  'maglev',
  'prequal',
]

/** Requests a second. */
export function rateOf(servers: number): number {
  return (servers * RHO * 1000) / WORK
}

/** Equal servers with one worker each, first come first served; Poisson arrivals, exponential work. */
export function scenarioOf(strategy: string, servers: number, seed: number): Scenario {
  return {
    name: 'bench',
    seed,
    duration: Infinity,
    arrivals: { type: 'poisson', rate: rateOf(servers) },
    work: { type: 'exponential', mean: WORK },
    servers: [{ count: servers }],
    // Of the usual 160 points the fullest server gets 15 % too much, which is more than it can do here.
    strategy: strategy === 'ring_hash' ? { name: strategy, points: 1000 } : strategy,
  }
}

/** The mean response time by formula, in milliseconds; undefined where there is none. */
export function theoryOf(strategy: string, servers: number): number | undefined {
  switch (strategy) {
    case 'random':
    case 'rendezvous':
      return mm1Time(RHO) * WORK
    case 'round_robin':
    case 'weighted_round_robin':
    case 'static_stride':
    case 'edf':
      return roundRobinTime(servers, RHO) * WORK
    case 'least_work':
      return mmcTime(servers, RHO) * WORK
    default:
      return undefined
  }
}

/** Throws if the mean response time of so many requests cannot be right. No strategy beats one queue in front of all servers. */
export function assertMean(
  strategy: string,
  servers: number,
  { count, mean }: { readonly count: number; readonly mean: number },
): void {
  const tolerance = (ERRORS * RELATIVE_ERROR) / Math.sqrt(count)
  const expected = theoryOf(strategy, servers)
  const least = mmcTime(servers, RHO) * WORK
  const right =
    expected === undefined
      ? mean > least * (1 - tolerance)
      : Math.abs(mean / expected - 1) < tolerance
  if (right) return
  const due = expected === undefined ? `at least ${least.toFixed(2)}` : expected.toFixed(2)
  throw new Error(`the mean response is ${mean.toFixed(2)} ms, and not ${due}`)
}
