import type { Balancer } from '../proxy/core/balancer.ts'
import type { Clock } from '../proxy/core/clock.ts'
import { Endpoint } from '../proxy/core/endpoint.ts'
import { backoff } from '../proxy/core/backoff.ts'
import type { Hedging } from '../proxy/core/hedging.ts'
import type { Outcome, Recorder } from '../proxy/core/recorder.ts'
import type { FailedAttempt, RetryPolicy } from '../proxy/core/retry.ts'
import type { Rng } from '../proxy/core/rng.ts'
import { verdictOn } from '../proxy/core/verdict.ts'
import type { WaitingLine } from '../proxy/core/waiting-line.ts'
import type { EventQueue } from './event-queue.ts'
import { ATTEMPT_LATE, eventOf, HEDGE, REQUEST_LATE, RETRY } from './events.ts'
import { Patience } from './patience.ts'
import type { PolicySpec } from './policy.ts'
import { proxyRules, type ProxyRulesOptions } from './proxy-rules.ts'
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

export interface ProxyModelOptions extends Omit<ProxyRulesOptions, 'clock' | 'remainingWork'> {
  readonly index: number
  readonly world: ProxyWorld
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
  /** By station: those in the pool. */
  private readonly endpoints: (Endpoint | undefined)[] = []
  private readonly attemptsTimed: Patience<Attempt> | undefined
  private readonly requestsTimed: Patience<Request> | undefined
  readonly line: WaitingLine | undefined
  private readonly hedging: Hedging | undefined
  /** The server of the attempt that is hedged. */
  private readonly hedged: Endpoint[] = []
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
    const { index, policy, rng, world } = options
    const { clock, queue } = world
    this.index = index
    this.world = world
    this.policy = policy
    this.dice = rng.fork('proxy')
    const remainingWork = (server: Endpoint): number => this.stationOf(server).remaining
    const rules = proxyRules({ ...options, clock, remainingWork })
    this.balancer = rules.balancer
    this.line = rules.line
    this.retry = rules.retry
    this.hedging = rules.hedging
    const { timeout, total } = policy
    this.attemptsTimed =
      timeout === undefined ? undefined : new Patience(timeout, queue, eventOf(ATTEMPT_LATE, index))
    this.requestsTimed =
      total === undefined ? undefined : new Patience(total, queue, eventOf(REQUEST_LATE, index))
    this.cancels = policy.cancels !== false
  }

  /** Gives the server as this proxy knows it. */
  add(station: Station): Endpoint {
    const endpoint = new Endpoint(station.id, station.spec)
    this.balancer.add(endpoint)
    this.stations[endpoint.slot] = station
    this.endpoints[station.index] = endpoint
    return endpoint
  }

  remove(station: Station): void {
    const endpoint = this.endpointOf(station)
    if (endpoint !== undefined) this.balancer.remove(endpoint)
    this.endpoints[station.index] = undefined
  }

  /** As this proxy knows it; undefined if it does not. */
  endpointOf(station: Station): Endpoint | undefined {
    return this.endpoints[station.index]
  }

  stationOf(endpoint: Endpoint): Station {
    return this.stations[endpoint.slot]
  }

  /** A request comes in. */
  start(request: Request): void {
    this.retry?.request()
    this.requestsTimed?.add(request)
    if (this.policy.sticky) request.wanted = this.balancer.sessions.homeOf(request.key)
    this.try(request)
  }

  /** Chooses a server, and sends it there; or it waits, or ends. */
  try(request: Request): void {
    const { attempts, key, tried, wanted } = request
    const { balancer, line } = this
    if (line !== undefined) {
      const found = line.enter(request)
      if (typeof found === 'object') this.launch(request, found)
      else if (found !== 'waits') this.end(request, 'refused')
      return
    }
    const home = wanted && balancer.sessions.acquire(wanted, attempts) ? wanted : undefined
    const endpoint = home ?? balancer.acquire(key, attempts, tried)
    if (endpoint === undefined) this.end(request, 'refused')
    else this.launch(request, endpoint)
  }

  /** Its first attempt takes long: a second one beside it, if that is allowed. */
  hedge(request: Request): void {
    const { balancer, hedged, hedging } = this
    const { first } = request
    if (first === undefined) return // It waits, or is about to be tried again.
    hedged[0] = first.endpoint
    const { attempts, key } = request
    const others = !this.line?.length && balancer.hasOther(hedged)
    const asked = { attempts, idempotent: true, replayable: true, answering: false, others }
    if (hedging!.decide(asked) !== 'hedge') return
    const endpoint = balancer.acquire(key, 1, hedged)
    if (endpoint !== undefined) this.launch(request, endpoint)
  }

  /** Ten times a second. */
  tick(): void {
    this.balancer.tick()
    this.line?.expire()
    this.line?.serve()
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
    else this.failed(request, endpoint, outcome, attempt.status > 0)
  }

  /** It has waited for a server in vain. */
  turnAway(request: Request): void {
    this.end(request, 'refused')
  }

  /** Some attempts may be late. */
  expireAttempts(): void {
    for (;;) {
      const attempt = this.attemptsTimed!.late(this.world.clock.now)
      if (attempt === undefined) return
      const { data: request, endpoint } = attempt
      this.giveUp(attempt, 'timeout')
      this.failed(request, endpoint, 'timeout', false)
    }
  }

  /** Some requests may be late. */
  expireRequests(): void {
    for (;;) {
      const request = this.requestsTimed!.late(this.world.clock.now)
      if (request === undefined) return
      this.end(request, request.waitingSince < 0 ? 'timeout' : 'refused')
    }
  }

  /** Makes an attempt, and sends it on its way. It may be over before this returns. */
  launch(request: Request, endpoint: Endpoint): void {
    const { hedging, world } = this
    const attempt = world.attempt(request, endpoint, this.stations[endpoint.slot])
    request.attempts++
    request.underWay++
    if (request.first === undefined) request.first = attempt
    else request.second = attempt
    this.attemptsTimed?.add(attempt)
    if (hedging !== undefined && attempt.isFirst && request.wanted !== endpoint) {
      const due = hedging.dueAt(attempt.startedAt)
      if (due < Infinity) world.queue.add(due, eventOf(HEDGE, request.index), request.version)
    }
    world.send(attempt)
  }

  /** An attempt came to nothing. `answered`: with an answer that the client can be given. */
  private failed(request: Request, endpoint: Endpoint, outcome: Outcome, answered: boolean): void {
    if (!answered) this.world.suspect(this, this.stationOf(endpoint))
    if (!request.tried.includes(endpoint)) request.tried.push(endpoint)
    request.wanted = undefined
    if (request.underWay > 0) return // There is another one under way.
    if (!this.again(request, outcome, answered)) {
      this.end(request, outcome)
      return
    }
    const pauses = this.policy.retries!.backoff
    if (pauses === undefined) this.try(request)
    else {
      const pause = backoff(pauses, request.attempts - 1, this.dice)
      const { clock, queue } = this.world
      queue.add(clock.now + pause, eventOf(RETRY, request.index), request.version)
    }
  }

  private again(request: Request, outcome: Outcome, answered: boolean): boolean {
    const { failure, policy, retry } = this
    if (retry === undefined || policy.retries === undefined) return false
    const { afterAnswers, afterTimeout } = policy.retries
    failure.outcome = outcome === 'timeout' && afterTimeout === true ? 'error' : outcome
    failure.attempt = request.attempts - 1
    failure.sent = outcome !== 'refused'
    failure.answered = answered && afterAnswers !== true
    return retry.decide(failure, false) === 'again'
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
    const answered = outcome === 'error' && attempt.status > 0
    const verdict = answered ? verdictOn(attempt.status) : outcome
    this.balancer.release(endpoint, latency, outcome, verdict)
    if (request.counted) recorder.attempt(endpoint, latency, outcome)
    // One that was cancelled for its hedge would have taken longer still.
    if (attempt.isFirst) this.hedging?.learn(outcome === 'ok' ? latency : Infinity)
    this.line?.serve()
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
    this.line?.leave(request)
    if (request.counted) {
      const { clock, recorder } = this.world
      recorder.request(clock.now - request.arrivedAt, request.attempts, outcome)
    }
    this.world.ended(request, outcome)
  }
}
