import { BySlot } from './by-slot.ts'
import { type Endpoint, LEAST_WEIGHT, MOST_WEIGHT } from './endpoint.ts'
import type { Outcome } from './recorder.ts'
import type { Report } from './report.ts'
import type { Sight, Words } from './sight.ts'
import type { Strategy, StrategyContext, StrategyFactory } from './strategy.ts'

const ONLY_ONE: Words = {
  strategy: 'none',
  score: 'there is only one server to choose from',
  best: 'drawn',
  ties: 'there are none',
}

/**
 * A strategy inside of another one, which decides what servers and weights it sees. Where they differ from the real ones it
 * is shown shadows (`Endpoint.shadow`); what comes out of it is translated back, by slot.
 */
export class Inner {
  private readonly strategy: Strategy
  /** By slot: the servers that it sees, and what it sees of them. */
  private readonly real: BySlot
  private readonly shown: BySlot
  /** It sees no shadows. */
  private asTheyAre = true
  /** The only server that there is to see. */
  private only: Endpoint | undefined

  constructor(context: StrategyContext, factory: StrategyFactory) {
    const { ask, memory, remainingWork } = context
    this.real = new BySlot(memory.slots)
    this.shown = new BySlot(memory.slots)
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
    const all = servers.map((server, i) => {
      const weight = Math.min(Math.max(weights[i], LEAST_WEIGHT), MOST_WEIGHT)
      return weight === server.weight ? server : server.shadow(weight)
    })
    this.asTheyAre = all.every((server, i) => server === servers[i])
    this.real.set(servers)
    this.shown.set(all)
    this.only = all.length === 1 ? servers[0] : undefined
    if (this.only === undefined) this.strategy.update(all)
  }

  pick(key: number, attempt: number): Endpoint {
    if (this.only !== undefined) return this.only
    const picked = this.strategy.pick(key, attempt)
    return this.asTheyAre ? picked : this.real.at[picked.slot]!
  }

  settled(server: Endpoint, latency: number, outcome: Outcome): void {
    this.strategy.settled(this.shownOf(server), latency, outcome)
  }

  heard(server: Endpoint, report: Report): void {
    this.strategy.heard?.(this.shownOf(server), report)
  }

  explain(sight: Sight, key: number, attempt: number): void {
    if (this.only === undefined) return this.strategy.explain?.(sight, key, attempt)
    sight.words = ONLY_ONE
    sight.expected = this.only.slot
  }

  /** It is not shown this one, or leaves it out itself. */
  leavesOut(server: Endpoint): boolean {
    const { slot } = server
    if (this.real.at[slot] !== server) return true
    return this.strategy.leavesOut?.(this.shown.at[slot]!) === true
  }

  private realOf(server: Endpoint): Endpoint {
    return this.real.at[server.slot] ?? server
  }

  /** A server that it does not see any more, but knew, is shown as it is. */
  private shownOf(server: Endpoint): Endpoint {
    if (this.asTheyAre) return server
    const { slot } = server
    return this.real.at[slot] === server ? this.shown.at[slot]! : server
  }
}
