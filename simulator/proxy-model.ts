import { Balancer } from '../proxy/core/balancer.ts'
import type { Clock } from '../proxy/core/clock.ts'
import { Endpoint } from '../proxy/core/endpoint.ts'
import { Memory } from '../proxy/core/memory.ts'
import type { Outcome, Recorder } from '../proxy/core/recorder.ts'
import { type FailedAttempt, RetryPolicy } from '../proxy/core/retry.ts'
import type { Rng } from '../proxy/core/rng.ts'
import type { StrategyFactory } from '../proxy/core/strategy.ts'
import type { EventQueue } from './event-queue.ts'
import { ATTEMPT_LATE, eventOf, REQUEST_LATE, RETRY } from './events.ts'
import { Patience } from './patience.ts'
import type { PolicySpec } from './policy.ts'
import type { Attempt, Request } from './request.ts'
import type { Station } from './station.ts'

/** What a proxy needs of the simulation that it is in. */
export interface ProxyWorld {
  readonly clock: Clock
  readonly queue: EventQueue
  readonly recorder: Recorder
  /** A new attempt, with its work. */
  attempt(request: Request, endpoint: Endpoint, station: Station): Attempt
  /** Puts it on its way to the server. */
  send(attempt: Attempt): void
  /** Nothing of this attempt is under way any more. */
  dispose(attempt: Attempt): void
  /** Something went wrong at that server. */
  suspect(proxy: ProxyModel, station: Station): void
  /** The client has its answer, or has given up. */
  ended(request: Request, outcome: Outcome): void
}

export interface ProxyModelOptions {
  readonly index: number
  readonly world: ProxyWorld
  readonly rng: Rng
  readonly strategy: StrategyFactory
  readonly policy: PolicySpec
  /** How many servers there can be at a time. */
  readonly slots: number
  /** Strategies see the requests in flight as they were when `look` was called last. */
  readonly stale: boolean
  readonly ask: (server: Endpoint) => void
}

/**
 * A proxy in virtual time: what `Exchange` is in front of sockets, this is in front of events. Which server, whether again, for how
 * long is asked of the same pure rules.
 */
export class ProxyModel {
  readonly index: number
  readonly balancer: Balancer
  readonly retry: RetryPolicy | undefined
  private readonly world: ProxyWorld
  private readonly policy: PolicySpec
  /** For what the proxy itself leaves to chance: when to check, how long to wait. */
  readonly dice: Rng
  /** By slot. */
  private readonly stations: Station[] = []
  private readonly attemptsTimed: Patience<Attempt> | undefined
  private readonly requestsTimed: Patience<Request> | undefined
  private attemptsArmed = false
  private requestsArmed = false
  private readonly cancels: boolean
  /** Used again and again for what `RetryPolicy` is asked. */
  private readonly failure: { -readonly [K in keyof FailedAttempt]: FailedAttempt[K] } = {
    outcome: 'ok',
    attempt: 0,
    nonsense: false,
    sent: true,
    answered: false,
    idempotent: true,
    replayable: true,
    staleConnection: false,
  }

  constructor(options: ProxyModelOptions) {
    const { ask, index, policy, rng, slots, stale, strategy, world } = options
    const { clock } = world
    this.index = index
    this.world = world
    this.policy = policy
    this.dice = rng.fork('proxy')
    this.balancer = new Balancer({
      clock,
      rng,
      strategy,
      memory: new Memory(slots),
      ask,
      remainingWork: (server) => this.stationOf(server).remaining,
      ...(stale && { seen: new Int32Array(slots) }),
      ...(policy.slowStart && { slowStart: policy.slowStart }),
    })
    const { retries, timeout, total } = policy
    if (retries !== undefined) {
      const { attempts, budget = Infinity, minPerSecond = 0 } = retries
      this.retry = new RetryPolicy({ attempts, budget, minPerSecond }, clock)
    }
    this.attemptsTimed = timeout === undefined ? undefined : new Patience<Attempt>(timeout)
    this.requestsTimed = total === undefined ? undefined : new Patience<Request>(total)
    this.cancels = policy.cancels !== false
  }

  /** Gives the server as this proxy knows it. */
  add(station: Station): Endpoint {
    const { backup, max, weight } = station.spec
    const endpoint = new Endpoint(station.id, {
      ...(weight !== undefined && { weight }),
      ...(max !== undefined && { max }),
      ...(backup !== undefined && { backup }),
    })
    this.balancer.add(endpoint)
    this.stations[endpoint.slot] = station
    return endpoint
  }

  remove(station: Station): void {
    const endpoint = this.endpointOf(station)
    if (endpoint !== undefined) this.balancer.remove(endpoint)
  }

  /** As this proxy knows it; undefined if it does not. */
  endpointOf(station: Station): Endpoint | undefined {
    return this.balancer.servers.find((endpoint) => this.stationOf(endpoint) === station)
  }

  stationOf(endpoint: Endpoint): Station {
    return this.stations[endpoint.slot]
  }

  /** A request comes in. */
  start(request: Request): void {
    this.retry?.request()
    const { requestsTimed } = this
    if (requestsTimed !== undefined) {
      requestsTimed.add(request)
      if (!this.requestsArmed) this.armRequests(requestsTimed)
    }
    this.try(request)
  }

  /** Chooses a server, and sends it there. */
  try(request: Request): void {
    const { attempts, key, tried } = request
    const endpoint =
      attempts === 0 ? this.balancer.acquire(key, 0) : this.balancer.acquire(key, attempts, tried)
    if (endpoint === undefined) {
      if (request.underWay === 0) this.end(request, 'refused')
      return
    }
    this.launch(request, endpoint)
  }

  /** An attempt has come to its server. */
  reached(attempt: Attempt): void {
    if (attempt.givenUp && this.cancels) this.world.dispose(attempt)
    else attempt.station.arrive(attempt)
  }

  /** The answer to an attempt has come back, or it came to nothing on the way. */
  answered(attempt: Attempt): void {
    const { data: request, endpoint, outcome } = attempt
    if (attempt.givenUp) {
      this.world.dispose(attempt)
      return
    }
    if (this.balancer.listens && attempt.reports) this.balancer.heard(endpoint, attempt.report)
    this.settle(attempt, outcome)
    this.world.dispose(attempt)
    if (outcome === 'ok') this.end(request, 'ok')
    else this.failed(request, endpoint, outcome, outcome === 'error' && !attempt.broken)
  }

  /** Some attempts may be late. */
  expireAttempts(): void {
    const list = this.attemptsTimed!
    this.attemptsArmed = false
    for (;;) {
      const attempt = list.late(this.world.clock.now)
      if (attempt === undefined) break
      const { data: request, endpoint } = attempt
      this.giveUp(attempt, 'timeout')
      this.failed(request, endpoint, 'timeout', false)
    }
    if (!this.attemptsArmed) this.armAttempts(list)
  }

  /** Some requests may be late. */
  expireRequests(): void {
    const list = this.requestsTimed!
    this.requestsArmed = false
    for (;;) {
      const request = list.late(this.world.clock.now)
      if (request === undefined) break
      this.end(request, 'timeout')
    }
    if (!this.requestsArmed) this.armRequests(list)
  }

  /** Makes an attempt, and sends it on its way. It may be over before this returns. */
  private launch(request: Request, endpoint: Endpoint): void {
    const { attemptsTimed, world } = this
    const attempt = world.attempt(request, endpoint, this.stations[endpoint.slot])
    request.attempts++
    request.underWay++
    if (request.first === undefined) request.first = attempt
    else request.second = attempt
    if (attemptsTimed !== undefined) {
      attemptsTimed.add(attempt)
      if (!this.attemptsArmed) this.armAttempts(attemptsTimed)
    }
    world.send(attempt)
  }

  /** An attempt came to nothing. `answered`: with an answer that the client can be given. */
  private failed(request: Request, endpoint: Endpoint, outcome: Outcome, answered: boolean): void {
    if (!answered) this.world.suspect(this, this.stationOf(endpoint))
    if (request.underWay > 0) return // There is another one under way.
    if (this.again(request, outcome, answered)) {
      request.tried.push(endpoint)
      const { backoff } = this.policy.retries!
      if (backoff === undefined) this.try(request)
      else {
        const pause = backoff * 2 ** (request.attempts - 1) * this.dice.float()
        const { clock, queue } = this.world
        queue.add(clock.now + pause, eventOf(RETRY, request.index), request.version)
      }
    } else this.end(request, outcome)
  }

  private again(request: Request, outcome: Outcome, answered: boolean): boolean {
    const { failure, policy, retry } = this
    if (retry === undefined) return false
    const { afterAnswers, afterTimeout } = policy.retries!
    failure.outcome = outcome === 'timeout' && afterTimeout === true ? 'error' : outcome
    failure.attempt = request.attempts - 1
    failure.sent = outcome !== 'refused'
    failure.answered = answered && afterAnswers !== true
    return retry.decide(failure, true) === 'again'
  }

  /** The one place where a server is given back. */
  private settle(attempt: Attempt, outcome: Outcome): void {
    const { data: request, endpoint, startedAt } = attempt
    const { clock, recorder } = this.world
    this.attemptsTimed?.remove(attempt)
    request.underWay--
    if (request.first === attempt) request.first = undefined
    else request.second = undefined
    const latency = clock.now - startedAt
    this.balancer.release(endpoint, latency, outcome)
    if (request.counted) recorder.attempt(endpoint, latency, outcome)
  }

  /** Does not wait for it any longer. The server goes on with it where nobody tells it. */
  private giveUp(attempt: Attempt, outcome: Outcome): void {
    const { stage, station } = attempt
    this.settle(attempt, outcome)
    attempt.givenUp = true
    if (!this.cancels || stage !== 'inside') return
    station.abandon(attempt)
    this.world.dispose(attempt)
  }

  private end(request: Request, outcome: Outcome): void {
    if (request.over) return
    request.over = true
    const { first, second } = request
    const loser = outcome === 'ok' ? 'aborted' : outcome
    if (first !== undefined) this.giveUp(first, loser)
    if (second !== undefined) this.giveUp(second, loser)
    this.requestsTimed?.remove(request)
    if (request.counted) {
      const { clock, recorder } = this.world
      recorder.request(clock.now - request.arrivedAt, request.attempts, outcome)
    }
    this.world.ended(request, outcome)
  }

  private armAttempts(list: Patience<Attempt>): void {
    if (list.dueAt === Infinity) return
    this.attemptsArmed = true
    this.world.queue.add(list.dueAt, eventOf(ATTEMPT_LATE, this.index))
  }

  private armRequests(list: Patience<Request>): void {
    if (list.dueAt === Infinity) return
    this.requestsArmed = true
    this.world.queue.add(list.dueAt, eventOf(REQUEST_LATE, this.index))
  }
}
