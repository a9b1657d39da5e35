import { Clock } from '../../proxy/core/clock.ts'
import { Endpoint } from '../../proxy/core/endpoint.ts'
import type { JournalEntry, JournalServer } from '../../proxy/core/journal.ts'
import { SILENT } from '../../proxy/core/report.ts'
import { Rng } from '../../proxy/core/rng.ts'
import type { Balancer } from '../../proxy/core/balancer.ts'
import { proxyRules } from '../../simulator/proxy-rules.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { slotsOf } from '../../simulator/slots.ts'
import { strategyOf } from '../../simulator/strategies.ts'
import type { Decisions } from '../world/journal.ts'

/** How a journal of a real proxy compares with the simulator's balancer that was told the same. */
export interface Replayed {
  /** How many servers were chosen. */
  readonly decisions: number
  /** The first step at which the two differ, in words; undefined: none. */
  readonly difference: string | undefined
}

/**
 * Tells the simulator's balancer, with the scenario's dice, all that a real one was asked and told, at the times of its clock; at every step the
 * same servers must be eligible, with as many requests in flight, and the same one must be chosen.
 */
export function replayDecisions(scenario: Scenario, { entries, head }: Decisions): Replayed {
  const clock = new Clock()
  const { balancer } = proxyRules({
    clock,
    rng: new Rng(scenario.seed).fork('proxy 0'),
    strategy: strategyOf(head.strategy as Scenario['strategy']),
    policy: scenario.policy ?? {},
    slots: slotsOf(scenario),
    stale: false,
    ask: () => {},
    remainingWork: () => 0,
  })
  const told = new Told(balancer, scenario)
  let decisions = 0
  for (const [i, entry] of entries.entries()) {
    clock.now = entry[1]
    if (entry[0] === 'acquire' && entry[5] !== null) decisions++
    const difference = told.tell(entry)
    if (difference !== undefined)
      return { decisions, difference: `entry ${i + 1}, ${entry[0]}: ${difference}` }
  }
  return { decisions, difference: undefined }
}

/** A balancer that is told what another was told. */
class Told {
  private readonly balancer: Balancer
  private readonly scenario: Scenario
  private readonly endpoints = new Map<string, Endpoint>()
  private eligible: readonly string[] = []

  constructor(balancer: Balancer, scenario: Scenario) {
    this.balancer = balancer
    this.scenario = scenario
  }

  /** What is different, if anything is. */
  tell(entry: JournalEntry): string | undefined {
    const { balancer } = this
    switch (entry[0]) {
      case 'add':
        this.add(entry[2], entry[3])
        break
      case 'strategy':
        balancer.useStrategy(strategyOf(this.specOf(entry[2])))
        break
      case 'adjust':
        balancer.adjust(entry[2])
        break
      case 'tick':
        balancer.tick()
        break
      case 'others':
        balancer.hasOther(entry[2].map((id) => this.of(id)))
        break
      case 'eligible':
        this.eligible = entry[2]
        break
      case 'acquire':
        return this.acquire(entry)
      case 'release':
        balancer.release(this.of(entry[2]), entry[3], entry[4], entry[5])
        break
      case 'answered':
        balancer.answered(this.of(entry[2]), entry[3])
        break
      case 'heard':
        this.heard(entry[2], entry[3])
        break
      case 'remove':
      case 'healthy':
      case 'weight':
      case 'max':
      case 'backup':
      case 'admin':
        this.steer(entry)
    }
    return undefined
  }

  private steer(
    entry: Extract<
      JournalEntry,
      readonly ['remove' | 'healthy' | 'weight' | 'max' | 'backup' | 'admin', ...unknown[]]
    >,
  ): void {
    const { balancer } = this
    const server = this.of(entry[2])
    if (entry[0] === 'remove') balancer.remove(server)
    else if (entry[0] === 'healthy') balancer.setHealthy(server, entry[3])
    else if (entry[0] === 'weight') balancer.setWeight(server, entry[3])
    else if (entry[0] === 'max') balancer.setMax(server, entry[3] ?? Infinity)
    else if (entry[0] === 'backup') balancer.setBackup(server, entry[3])
    else balancer.setAdmin(server, entry[3])
  }

  private acquire(entry: Extract<JournalEntry, readonly ['acquire', ...unknown[]]>) {
    const [, , key, attempt, avoid, wanted, inflights] = entry
    const { balancer } = this
    const server = balancer.acquire(
      key,
      attempt,
      avoid.map((id) => this.of(id)),
    )
    const { eligible } = balancer
    const ids = eligible.map(({ id }) => id)
    if (ids.join() !== this.eligible.join()) {
      return `${ids.join()} are eligible here, and were ${this.eligible.join()}`
    }
    if ((server?.id ?? null) !== wanted) {
      return `chooses ${server?.id ?? 'nobody'}, and chose ${wanted ?? 'nobody'}`
    }
    const counts = eligible.map(({ inflight }) => inflight)
    if (counts.join() === inflights.join()) return undefined
    return `${counts.join()} are in flight here, and were ${inflights.join()}`
  }

  private add(id: string, given: JournalServer): void {
    const { backup, healthy, max, unproven, weight } = given
    const server = new Endpoint(id, { backup, max: max ?? Infinity, weight })
    server.healthy = healthy
    server.unproven = unproven
    this.endpoints.set(id, server)
    this.balancer.add(server)
  }

  private heard(id: string, figures: readonly (number | null)[]): void {
    const [inflight, latency, utilization, rate, errorRate] = figures.map((each) => each ?? NaN)
    const report = { ...SILENT, inflight, latency, utilization, rate, errorRate }
    this.balancer.heard(this.of(id), report)
  }

  /** The scenario's own has its options; a journal has its name. */
  private specOf(name: string): Scenario['strategy'] {
    const { events = [], strategy } = this.scenario
    const known = [strategy, ...events.flatMap((each) => ('strategy' in each ? each.strategy : []))]
    return known.find((spec) => (typeof spec === 'string' ? spec : spec.name) === name) ?? name
  }

  private of(id: string): Endpoint {
    const server = this.endpoints.get(id)
    if (server === undefined) throw new Error(`the journal has no server ${id}`)
    return server
  }
}
