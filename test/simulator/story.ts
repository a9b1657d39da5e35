import type { Clock } from '../../proxy/core/clock.ts'
import type { Endpoint } from '../../proxy/core/endpoint.ts'
import type { Outcome, Recorder } from '../../proxy/core/recorder.ts'
import type { Strategy, StrategyFactory } from '../../proxy/core/strategy.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { Simulation } from '../../simulator/simulation.ts'

/** Writes down what happens as a person would: when, what, how it ended, how long it took. */
export class Story implements Recorder {
  readonly lines: string[] = []
  clock: Clock | undefined

  attempt({ id }: Endpoint, latency: number, outcome: Outcome): void {
    this.lines.push(`${this.now}: ${id} ${outcome} in ${round(latency)}`)
  }

  request(latency: number, attempts: number, outcome: Outcome): void {
    this.lines.push(`${this.now}: client ${outcome} in ${round(latency)}, attempts ${attempts}`)
  }

  tick(): void {}

  private get now(): number {
    return round(this.clock!.now)
  }
}

/** In turn from the first on, so that paper knows who is next. */
export const IN_TURN: StrategyFactory = {
  promise: 'equal',
  create: () => new InTurn(),
}

class InTurn implements Strategy {
  readonly name = 'in_turn'
  private servers: readonly Endpoint[] = []
  private next = 0

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
  }

  pick(): Endpoint {
    return this.servers[this.next++ % this.servers.length]
  }

  settled(): void {}
}

/** A scenario in which nothing is left to chance: requests come at those times, each 10 ms of work, to one server or to several in turn. */
export function plain(times: readonly number[], more: Partial<Scenario> = {}): Scenario {
  return {
    name: 'plain',
    seed: 1,
    duration: Infinity,
    arrivals: { type: 'trace', times },
    work: { type: 'constant', value: 10 },
    servers: [{}],
    strategy: 'round_robin',
    ...more,
  }
}

/** A simulation in front of a story, not run yet. */
export function begin(scenario: Scenario): { simulation: Simulation; lines: string[] } {
  const story = new Story()
  const simulation = new Simulation(scenario, story, { strategy: IN_TURN })
  story.clock = simulation.clock
  return { simulation, lines: story.lines }
}

/** What happened, and when, to the end. */
export function told(scenario: Scenario): string[] {
  const { simulation, lines } = begin(scenario)
  simulation.run()
  return lines
}

/** The clients' part of it. */
export function clientsOf(lines: readonly string[]): string[] {
  return lines.filter((line) => line.includes(' client '))
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
