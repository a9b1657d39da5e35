import type { Tally } from '../proxy/core/snapshot.ts'
import { RunRecorder } from './run-recorder.ts'
import type { Scenario } from './scenario.ts'
import { Simulation, type SimulationOptions } from './simulation.ts'
import { figuresOf, type StationFigures } from './station-figures.ts'
import { jainIndex } from './statistics/spread.ts'

/** What a run came to, as plain data. Times are milliseconds, shares from 0 to 1. */
export interface RunResult {
  readonly strategy: string
  readonly seed: number
  /** The time that was measured: from the end of the warm-up to the end of the run, or of what was asked for if that is sooner. */
  readonly span: number
  /** Requests that came, the warm-up included, and those that had not ended when the run did. */
  readonly generated: number
  readonly underWay: number
  /** What clients saw who came after the warm-up. */
  readonly requests: Tally
  /** Attempts beyond the first of each request. */
  readonly retries: number
  readonly servers: readonly ServerResult[]
  /**
   * Jain's index of the attempts that each server got for its weight: 1 is fair, 1/n is one server for all. Weights are averaged over the
   * span, with 0 while a server was not in the pool, or kept out of it by operators.
   */
  readonly fairness: number
}

/** And what became of all that came to it, the warm-up included. */
interface ServerResult extends Omit<
  StationFigures,
  'workers' | 'span' | 'weight' | 'busy' | 'present'
> {
  readonly attempts: Tally
  /** Its attempts as a share of all, even if it was there for a part of the span only. */
  readonly share: number
  /** How much of its workers' time was used while it was in the pool; of a server with endless workers the mean number in use. */
  readonly utilization: number
  /** Requests in hand, the mean over the time that it was in the pool. */
  readonly inHand: number
}

/** Runs a scenario to its end. Throws a `RangeError` that names the path of what is wrong with it. */
export function simulate(scenario: Scenario, options: SimulationOptions = {}): RunResult {
  const recorder = new RunRecorder()
  const simulation = new Simulation(scenario, recorder, options)
  simulation.run()
  return resultOf(simulation, recorder)
}

/** What has been measured so far. */
export function resultOf(simulation: Simulation, recorder: RunRecorder): RunResult {
  const { clients, clock, proxies, scenario, stations } = simulation
  const { duration, seed, warmup = 0 } = scenario
  const end = Math.min(clock.now, duration)
  return resultFrom({
    strategy: proxies[0].balancer.strategy.name,
    seed,
    span: Math.max(0, end - warmup),
    generated: clients.generated,
    underWay: clients.underWay,
    recorder,
    stations: stations.map((station) => figuresOf(station, warmup, end)),
  })
}

/** Where a result comes from, in either world. */
export interface RunFigures extends Pick<
  RunResult,
  'strategy' | 'seed' | 'span' | 'generated' | 'underWay'
> {
  readonly recorder: RunRecorder
  readonly stations: readonly StationFigures[]
}

export function resultFrom(figures: RunFigures): RunResult {
  const { generated, recorder, seed, span, stations, strategy, underWay } = figures
  const tallies = stations.map(({ id }) => recorder.of(id).snapshot(span))
  let all = 0
  for (const { count } of tallies) all += count
  const servers = stations.map((station, i) => serverResult(station, tallies[i], all))
  const weights = stations.map(({ weight }) => weight)
  return {
    strategy,
    seed,
    span,
    generated,
    underWay,
    requests: recorder.requests.snapshot(span),
    retries: recorder.retries,
    servers,
    fairness: fairnessOf(weights, tallies),
  }
}

/** Servers of weight 0 are due nothing, and get nothing. */
function fairnessOf(weights: readonly number[], tallies: readonly Tally[]): number {
  const forWeight: number[] = []
  weights.forEach((weight, i) => {
    if (weight > 0) forWeight.push(tallies[i].count / weight)
  })
  return forWeight.length === 0 ? 1 : jainIndex(forWeight)
}

function serverResult(station: StationFigures, attempts: Tally, all: number): ServerResult {
  const { busy, mostInHand, present, span, weight: _, workers, ...counts } = station
  return {
    ...counts,
    attempts,
    share: all > 0 ? attempts.count / all : 0,
    utilization: span > 0 ? busy / span / (workers ?? 1) : 0,
    inHand: span > 0 ? present / span : 0,
    mostInHand,
  }
}
