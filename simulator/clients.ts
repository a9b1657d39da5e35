import type { Outcome } from '../proxy/core/recorder.ts'
import type { Rng } from '../proxy/core/rng.ts'
import { type EventQueue, Planned } from './event-queue.ts'
import type { Pools } from './pools.ts'
import type { ProxyModel } from './proxy-model.ts'
import type { Request } from './request.ts'
import type { Scenario } from './scenario.ts'
import { Traffic } from './traffic.ts'
import { Users } from './users.ts'

/** Who sends requests: an open process that never waits, or closed users, each of whom waits for his answer. */
export class Clients {
  /** When the next request of an open process comes, and its place in the order of scheduling; `Infinity`: never. */
  readonly arrival = new Planned()
  /** Requests that came, and how those ended that did; the difference is under way. */
  generated = 0
  readonly endings: Record<Outcome, number> = {
    ok: 0,
    error: 0,
    timeout: 0,
    refused: 0,
    aborted: 0,
  }
  readonly users: Users | undefined
  private readonly queue: EventQueue
  private readonly pools: Pools
  private readonly proxies: readonly ProxyModel[]
  private readonly traffic: Traffic
  private readonly dealer: Rng
  private readonly warmup: number

  /** Throws a `RangeError` that names the path of what is wrong with the scenario. */
  constructor(
    scenario: Scenario,
    rng: Rng,
    queue: EventQueue,
    pools: Pools,
    proxies: readonly ProxyModel[],
  ) {
    const { arrivals, warmup = 0 } = scenario
    this.warmup = warmup
    this.queue = queue
    this.pools = pools
    this.proxies = proxies
    this.dealer = rng.fork('proxies')
    this.traffic = new Traffic(scenario, rng)
    this.users = arrivals.type === 'closed' ? new Users(arrivals, rng.fork('users')) : undefined
    this.arrival.at = this.traffic.nextAt()
    this.arrival.order = -1
  }

  /** The first request has its place in the order now. */
  begin(): void {
    this.arrival.order = this.queue.reserve()
  }

  /** From `now` on requests of an open process come so many times as fast. */
  changePace(now: number, factor: number): void {
    if (this.users !== undefined) return // They come when they have their answers.
    this.arrival.at = this.traffic.changePace(now, factor)
    this.arrival.order = this.queue.reserve()
  }

  /** Nobody is left who could send another request. */
  get exhausted(): boolean {
    return this.arrival.at === Infinity && this.users === undefined
  }

  /** Requests that have not ended yet. */
  get underWay(): number {
    const { aborted, error, ok, refused, timeout } = this.endings
    return this.generated - ok - error - timeout - refused - aborted
  }

  /** The next request of an open process comes now. */
  arrive(): Request {
    const { at } = this.arrival
    this.arrival.at = this.traffic.nextAt()
    this.arrival.order = this.queue.reserve()
    return this.request(at, -1)
  }

  /** A request comes at `now`; from a closed user, or -1. */
  request(now: number, user: number): Request {
    const { dealer, pools, proxies } = this
    const proxy = proxies.length === 1 ? proxies[0] : proxies[dealer.int(proxies.length)]
    const request = pools.request(proxy)
    this.generated++
    this.traffic.ask(request)
    request.arrivedAt = now
    request.user = user
    request.counted = now >= this.warmup
    request.attempts = 0
    request.over = false
    return request
  }

  /** A request has ended. */
  ended(request: Request, outcome: Outcome): void {
    this.endings[outcome]++
    request.version = (request.version + 1) | 0
    if (request.tried.length > 0) request.tried.length = 0 // To set a length is slow, even to what it is.
    this.pools.giveBackRequest(request)
  }

  /** The work of an attempt after the first, where each has its own luck. */
  workAgain(): number {
    return this.traffic.workAgain()
  }
}
