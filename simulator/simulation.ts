import { Clock } from '../proxy/core/clock.ts'
import type { Endpoint } from '../proxy/core/endpoint.ts'
import type { Outcome, Recorder } from '../proxy/core/recorder.ts'
import { Rng } from '../proxy/core/rng.ts'
import type { StrategyFactory } from '../proxy/core/strategy.ts'
import { Antagonists } from './antagonists.ts'
import { Clients } from './clients.ts'
import { EventQueue } from './event-queue.ts'
import * as event from './events.ts'
import { HealthChecks } from './health-checks.ts'
import { Network } from './network.ts'
import { Pools } from './pools.ts'
import { ProxyModel, type ProxyWorld } from './proxy-model.ts'
import { Reporting } from './reporting.ts'
import type { Attempt, Request } from './request.ts'
import type { Scenario, ServerSpec } from './scenario.ts'
import { serverId } from './server-id.ts'
import { slotsOf } from './slots.ts'
import { Station, type StationWorld } from './station.ts'
import { strategyOf } from './strategies.ts'
import { Timeline } from './timeline.ts'

/** Proxies look at their clocks ten times a second. */
const TICK = 100

export interface SimulationOptions {
  /** In place of the scenario's: one from a file, for example. */
  readonly strategy?: StrategyFactory
  /** Other dice for the network alone. */
  readonly networkDice?: Rng
}

/**
 * Runs a scenario in virtual time: the proxy's own objects in front of simulated servers. Pure and deterministic: the same scenario gives the
 * same events, in the same order, at the same times, in Node and in a browser.
 *
 * Memory grows with servers and with requests under way, never with requests served.
 */
export class Simulation implements StationWorld, ProxyWorld {
  readonly scenario: Scenario
  readonly recorder: Recorder
  readonly clock = new Clock()
  readonly queue = new EventQueue()
  readonly rng: Rng
  /** All that there ever were, also those that were taken out. */
  readonly stations: Station[] = []
  readonly proxies: ProxyModel[] = []
  /** What proxies choose by; see `Timeline`. */
  strategy: StrategyFactory
  readonly clients: Clients
  private readonly pools = new Pools()
  readonly timeline: Timeline
  private readonly antagonists: Antagonists
  private readonly checks: HealthChecks | undefined
  /** Only where a strategy listens. */
  private readonly reporting: Reporting | undefined
  private readonly network: Network
  private readonly redraws: boolean
  /** Events that come again and again: with nothing else left there is nothing left to do. */
  private recurring = 0
  /** No request comes any more. */
  private overtime = false
  private finished = false

  /** Throws a `RangeError` that names the path of what is wrong with the scenario. */
  constructor(scenario: Scenario, recorder: Recorder, options: SimulationOptions = {}) {
    const { duration, information, network, notices = false, policy = {}, warmup = 0 } = scenario
    this.scenario = scenario
    this.recorder = recorder
    this.redraws = scenario.workOf === 'attempt'
    this.rng = new Rng(scenario.seed)
    this.network = new Network(this, network, options.networkDice ?? this.rng)
    this.strategy = options.strategy ?? strategyOf(scenario.strategy)
    const { clock, pools, proxies, queue, rng } = this
    while (proxies.length < (scenario.proxies ?? 1)) proxies.push(this.proxy(proxies.length))
    this.clients = new Clients(scenario, rng, queue, pools, proxies)
    // A strategy that comes later may listen as well.
    const listens =
      proxies[0].balancer.listens || scenario.events?.some((each) => 'strategy' in each) === true
    this.reporting = listens ? new Reporting({ clock, proxies, network, notices, rng }) : undefined
    this.antagonists = new Antagonists(this)
    this.timeline = new Timeline(this)
    this.checks = policy.checks && new HealthChecks(this, policy.checks)
    this.addStations(scenario.servers)
    queue.add(warmup, event.eventOf(event.MARK, 0))
    if (duration < Infinity) queue.add(duration, event.eventOf(event.MARK, 1))
    if (information !== undefined) this.again(information.every, event.LOOK)
    this.timeline.begin()
    this.clients.begin() // What happens at the time of the first request happens before it.
    for (let user = 0; user < (this.clients.users?.count ?? 0); user++) this.think(user)
    this.again(TICK, event.TICK)
    this.noMore()
  }

  get attempts(): readonly Attempt[] {
    return this.pools.attempts
  }

  /** Runs to virtual time `until`, or to the end; says whether anything is left to do. */
  run(until = Infinity): boolean {
    const { clients, clock, queue, reporting } = this
    while (!this.finished) {
      const arrives = queue.follows(clients.arrival)
      if (reporting !== undefined) reporting.news.run(Math.min(queue.dueAt, until))
      if (queue.dueAt > until) return true
      if (queue.dueAt === Infinity) break
      clock.now = queue.dueAt
      if (arrives) this.arrive()
      else this.handle(queue.take())
    }
    this.finished = true
    return false
  }

  /** Something that happens once, in so many milliseconds. */
  after(span: number, code: number, detail = 0): void {
    this.queue.add(this.clock.now + span, code, detail)
  }

  /** Something that comes again and again. */
  again(time: number, kind: number, index = 0, detail = 0): void {
    this.recurring++
    this.queue.add(time, event.eventOf(kind, index), detail)
  }

  addStations(specs: readonly ServerSpec[]): void {
    for (const spec of specs) {
      for (let i = 0; i < (spec.count ?? 1); i++) this.addStation(spec)
    }
  }

  attempt(request: Request, endpoint: Endpoint, station: Station): Attempt {
    const attempt = this.pools.attempt(request, endpoint, station)
    attempt.startedAt = this.clock.now
    attempt.isFirst = request.attempts === 0
    attempt.left = this.redraws && request.attempts > 0 ? this.clients.workAgain() : request.work
    attempt.keyNumber = request.keyNumber
    attempt.status = 0
    attempt.givenUp = false
    attempt.reports = false
    return attempt
  }

  send(attempt: Attempt): void {
    this.network.send(attempt)
  }

  answer(attempt: Attempt): void {
    if (attempt.givenUp) {
      this.dispose(attempt)
      return
    }
    this.reporting?.note(attempt)
    this.network.answer(attempt)
  }

  dispose(attempt: Attempt): void {
    this.pools.giveBackAttempt(attempt)
  }

  suspect(proxy: ProxyModel, station: Station): void {
    this.checks?.suspect(proxy, station)
  }

  ended(request: Request, outcome: Outcome): void {
    const { clients } = this
    const { user } = request
    clients.ended(request, outcome)
    if (user >= 0) this.think(user)
    if (this.overtime) this.finished = clients.underWay === 0
  }

  idle(station: Station): void {
    this.reporting?.idle(station)
  }

  private handle(code: number): void {
    const { pools, proxies, queue, stations } = this
    const { detail } = queue
    const index = event.indexOf(code)
    switch (event.kindOf(code)) {
      case event.FINISH:
        return pools.attempts[index].finish(detail)
      case event.SHARED_FINISH:
        return stations[index].sharedFinish(detail)
      case event.REACH:
        return pools.attempts[index].reach()
      case event.ANSWER:
        return pools.attempts[index].return()
      case event.ATTEMPT_LATE:
        return proxies[index].expireAttempts()
      case event.REQUEST_LATE:
        return proxies[index].expireRequests()
      case event.RETRY:
        return pools.requests[index].retry(detail)
      case event.HEDGE:
        return pools.requests[index].hedge(detail)
      case event.USER:
        return this.come(index)
      case event.CHANGE:
        return this.timeline.apply(index)
      case event.RESUME:
        return this.timeline.resume(stations[index], detail === 1)
      case event.MARK:
        return this.mark(index === 1)
      default:
        this.recurring--
        this.recur(code, index, detail)
    }
  }

  private recur(code: number, index: number, detail: number): void {
    const { antagonists, clock, proxies, queue } = this
    switch (event.kindOf(code)) {
      case event.TICK:
        for (const proxy of proxies) proxy.tick()
        this.recorder.tick(proxies[0].balancer.servers)
        // Whoever is still under way then will be for ever.
        if (this.overtime && queue.length <= this.recurring && !antagonists.holdUp)
          this.finished = proxies.every(({ line }) => !line?.length)
        return this.again(clock.now + TICK, event.TICK)
      case event.ANTAGONIST:
        return antagonists.turn(index)
      case event.CHECK:
        return this.checks!.run(index, detail)
      case event.LOOK:
        for (const proxy of proxies) proxy.balancer.look()
        return this.again(clock.now + this.scenario.information!.every, event.LOOK)
    }
  }

  /** The time to measure begins, or ends. */
  private mark(end: boolean): void {
    for (const station of this.stations) station.measure(end)
    if (end) this.close()
  }

  /** No request comes any more. */
  private close(): void {
    this.overtime = true
    this.finished = this.clients.underWay === 0
  }

  private arrive(): void {
    const { clients } = this
    const request = clients.arrive()
    this.noMore()
    request.proxy.start(request)
  }

  /** Where no end is set, the last request is the end. */
  private noMore(): void {
    if (this.clients.exhausted && this.scenario.duration === Infinity) this.close()
  }

  /** A closed user has thought. */
  private come(user: number): void {
    if (this.overtime) return
    const request = this.clients.request(this.clock.now, user)
    request.proxy.start(request)
  }

  private think(user: number): void {
    this.after(this.clients.users!.next(user), event.eventOf(event.USER, user))
  }

  private addStation(spec: ServerSpec): void {
    const { proxies, reporting, stations } = this
    const { length: index } = stations
    const named = { ...spec, id: serverId(spec, index) }
    const station = new Station(index, named, this, this.rng, reporting !== undefined)
    stations.push(station)
    for (const proxy of proxies) {
      const endpoint = proxy.add(station)
      reporting?.know(endpoint, station)
      this.checks?.watch(proxy, station)
    }
    this.antagonists.add(station)
  }

  private proxy(index: number): ProxyModel {
    const { notices, policy = {} } = this.scenario
    const proxy: ProxyModel = new ProxyModel({
      index,
      world: this,
      rng: this.rng.fork(`proxy ${index}`),
      strategy: this.strategy,
      policy,
      slots: slotsOf(this.scenario),
      stale: this.scenario.information !== undefined,
      ask: (server) => {
        if (notices !== true) this.reporting?.news.ask(proxy.balancer, server)
      },
    })
    return proxy
  }
}
