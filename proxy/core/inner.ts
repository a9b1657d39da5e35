import { type Endpoint, LEAST_WEIGHT, MOST_WEIGHT } from './endpoint.ts'
import type { Outcome } from './recorder.ts'
import type { Report } from './report.ts'
import type { Strategy, StrategyContext, StrategyFactory } from './strategy.ts'

/**
 * A strategy inside of another one, which decides what servers and weights it sees. Where they differ from the real ones it
 * is shown shadows (`Endpoint.shadow`); what comes out of it is translated back, by slot.
 */
export class Inner {
  private readonly strategy: Strategy
  /** By slot: the servers that it sees, and what it sees of them. */
  private real: (Endpoint | undefined)[]
  private shown: (Endpoint | undefined)[]
  /** The only server that there is to see. */
  private only: Endpoint | undefined

  constructor(context: StrategyContext, factory: StrategyFactory) {
    const { ask, memory, remainingWork } = context
    this.real = Array.from({ length: memory.slots })
    this.shown = this.real
    this.strategy = factory.create({
      ...context,
      ask: (server) => ask(this.realOf(server)),
      remainingWork: remainingWork && ((server) => remainingWork(this.realOf(server))),
    })
  }

  /** Wants to know what servers say. */
  get listens(): boolean {
    return this.strategy.heard !== undefined
  }

  /** At least one server, each with the weight that goes with it; brought into the range that there is for weights. */
  show(servers: readonly Endpoint[], weights: ArrayLike<number>): void {
    const { length } = this.real
    this.real = Array.from({ length })
    this.shown = Array.from({ length })
    const all = servers.map((server, i) => {
      const weight = Math.min(Math.max(weights[i], LEAST_WEIGHT), MOST_WEIGHT)
      const shown = weight === server.weight ? server : server.shadow(weight)
      this.real[server.slot] = server
      this.shown[server.slot] = shown
      return shown
    })
    this.only = all.length === 1 ? servers[0] : undefined
    if (this.only === undefined) this.strategy.update(all)
  }

  pick(key: number, attempt: number): Endpoint {
    return this.only ?? this.real[this.strategy.pick(key, attempt).slot]!
  }

  settled(server: Endpoint, latency: number, outcome: Outcome): void {
    this.strategy.settled(this.shownOf(server), latency, outcome)
  }

  heard(server: Endpoint, report: Report): void {
    this.strategy.heard?.(this.shownOf(server), report)
  }

  private realOf(server: Endpoint): Endpoint {
    return this.real[server.slot] ?? server
  }

  /** A server that it does not see any more, but knew, is shown as it is. */
  private shownOf(server: Endpoint): Endpoint {
    const { slot } = server
    return this.real[slot] === server ? this.shown[slot]! : server
  }
}
