import { Balancer } from '../../proxy/core/balancer.ts'
import { Clock } from '../../proxy/core/clock.ts'
import { Endpoint } from '../../proxy/core/endpoint.ts'
import { Memory } from '../../proxy/core/memory.ts'
import type { Report } from '../../proxy/core/report.ts'
import { Rng } from '../../proxy/core/rng.ts'
import type { Strategy, StrategyContext, StrategyFactory } from '../../proxy/core/strategy.ts'

/** Picks, or requests, that are measured together: a single one takes about as long as reading the clock. */
export const BATCH = 1000
/** Requests in flight, for each server. */
const BUSY = 2
/** What is settled and heard between batches: enough to keep what is known fresh, and little beside a batch. */
const NEWS = 8
/** Random numbers are drawn beforehand, and so many that no branch predictor learns them by heart. A power of two. */
const DRAWN = 2 ** 14

/** What a strategy meets in every one of these measurements: servers that differ, time, news, and what users ask for. */
class Surroundings {
  readonly clock = new Clock(1)
  readonly rng = new Rng(1)
  readonly servers: readonly Endpoint[]
  /**
   * The requests' keys, one after another. As objects, which the last one makes them: half of them are too large for a small
   * integer, and are boxed once, as in a proxy, and not by whoever passes them on.
   */
  readonly keys: readonly (number | undefined)[]
  /** Which of the requests in flight ends when another one begins: any of them, so that loads differ. */
  readonly ends: Int32Array
  /** Servers that the strategy wants to hear from, the latest few. */
  readonly asked: Endpoint[]
  private asking = 0
  private readonly report = { inflight: 0, latency: 0, utilization: 0, rate: 0, errorRate: 0 }

  constructor(count: number) {
    const dice = this.rng.fork('world')
    this.servers = Array.from({ length: count }, (_, i) => {
      return new Endpoint(`10.0.${i >> 8}.${i & 255}:80`, { weight: 1 + (i % 3) })
    })
    this.keys = Array.from({ length: DRAWN + 1 }, (_, i) => (i < DRAWN ? dice.next() : undefined))
    this.ends = Int32Array.from({ length: DRAWN }, () => dice.int(BUSY * count))
    this.asked = this.servers.slice(0, NEWS)
  }

  readonly ask = (server: Endpoint): void => {
    this.asked[this.asking++ % this.asked.length] = server
  }

  readonly remainingWork = (server: Endpoint): number => server.inflight * 7 + (server.slot & 3)

  /** What a server would say now: the busier for its weight, the slower. Only lent. */
  reportOf(server: Endpoint): Report {
    const { report } = this
    report.inflight = server.inflight
    report.latency = 5 + (10 * server.inflight) / server.weight
    report.utilization = Math.min(1.2, server.inflight / (BUSY * 2 * server.weight))
    report.rate = 100 * server.weight
    report.errorRate = server.slot % 10 === 0 ? 1 : 0
    return report
  }
}

/** A strategy without a balancer: its bare pick. Picks are in flight until others take their place. */
export class PickWorld {
  readonly servers: readonly Endpoint[]
  readonly strategy: Strategy
  private readonly around: Surroundings
  private readonly inflights: Int32Array
  /** The slots that requests are in flight to. */
  private readonly ring: Int32Array
  private turn = 0

  /** `busy`: requests in flight for each server; `told`: the strategy knows the servers. */
  constructor(factory: StrategyFactory, count: number, busy = BUSY, told = true) {
    const around = new Surroundings(count)
    const { ask, clock, remainingWork, rng, servers } = around
    const memory = new Memory()
    this.inflights = memory.intPerSlot()
    servers.forEach((server, slot) => server.attach(slot, this.inflights))
    const { inflights } = this
    const context: StrategyContext = { clock, rng, memory, inflights, ask, remainingWork }
    this.around = around
    this.servers = servers
    this.strategy = factory.create(context)
    if (told) this.strategy.update(servers)
    this.ring = Int32Array.from({ length: busy * count }, (_, i) => i % count)
    for (const slot of this.ring) inflights[slot]++
  }

  readonly batch = (): void => {
    for (let i = 0; i < BATCH; i++) this.step()
  }

  /**
   * One pick, which is counted as in flight in another's place. The client of that one has left: so nobody learns of a latency, but who
   * keeps servers in order of load hears of it.
   */
  readonly step = (): void => {
    const { inflights, ring, servers, strategy } = this
    const { ends, keys } = this.around
    const turn = (this.turn = (this.turn + 1) & (DRAWN - 1))
    const { slot } = strategy.pick(keys[turn]!, 0)
    const end = ends[turn]
    inflights[slot]++
    const left = ring[end]
    inflights[left]--
    strategy.settled(servers[left], 5, 'aborted')
    ring[end] = slot
  }

  /** Between batches: time passes, some requests are settled, some servers are heard. Not measured. */
  readonly between = (): void => {
    const { around, ring, servers, strategy, turn } = this
    around.clock.now += 1.25
    for (let i = 0; i < NEWS; i++) {
      const settled = servers[ring[(turn + i) % ring.length]]
      strategy.settled(settled, 5 + ((turn + i) & 15), (turn & 63) === i ? 'error' : 'ok')
      const heard = around.asked[i % around.asked.length]
      strategy.heard?.(heard, around.reportOf(heard))
    }
  }

  /** The measurement is of nothing unless every pick was one of the servers, and is in flight. Throws. */
  check(): void {
    assertInflight(this.servers, this.ring.length)
  }
}

/** Whole requests through the balancer: acquire and release, with all that the strategy learns from it. */
export class RequestWorld {
  private readonly around: Surroundings
  private readonly balancer: Balancer
  private readonly ring: Endpoint[]
  private turn = 0

  constructor(strategy: StrategyFactory, count: number) {
    const around = new Surroundings(count)
    const { ask, clock, remainingWork, rng, servers } = around
    this.around = around
    this.balancer = new Balancer({ clock, rng, strategy, ask, remainingWork })
    for (const server of servers) this.balancer.add(server)
    this.ring = Array.from({ length: BUSY * count }, (_, i) => {
      return this.balancer.acquire(around.keys[i % DRAWN]!, 0)!
    })
  }

  readonly batch = (): void => {
    for (let i = 0; i < BATCH; i++) this.step()
  }

  /** One request begins and another one ends. */
  readonly step = (): void => {
    const { balancer, ring } = this
    const { ends, keys } = this.around
    const turn = (this.turn = (this.turn + 1) & (DRAWN - 1))
    const server = balancer.acquire(keys[turn]!, 0)!
    const end = ends[turn]
    balancer.release(ring[end], 5 + (turn & 15), (turn & 63) === 0 ? 'error' : 'ok')
    ring[end] = server
  }

  readonly between = (): void => {
    const { around, balancer } = this
    around.clock.now += 1.25
    if (!balancer.listens) return
    for (const server of around.asked) balancer.heard(server, around.reportOf(server))
  }

  check(): void {
    const { balancer, ring } = this
    assertInflight(balancer.servers, ring.length)
    for (const server of ring) balancer.release(server, 5, 'ok')
    assertInflight(balancer.servers, 0)
  }
}

function assertInflight(servers: readonly Endpoint[], expected: number): void {
  let found = 0
  for (const server of servers) found += server.inflight
  if (found === expected) return
  throw new Error(`the servers have ${found} requests in flight, not the ${expected} that are`)
}
