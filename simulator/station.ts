import type { Clock } from '../proxy/core/clock.ts'
import type { Outcome } from '../proxy/core/recorder.ts'
import type { Rng } from '../proxy/core/rng.ts'
import type { EventQueue } from './event-queue.ts'
import { KeyCache } from './key-cache.ts'
import { LoadReport } from './load-report.ts'
import { Membership } from './membership.ts'
import { Occupancy } from './occupancy.ts'
import type { Attempt, Request } from './request.ts'
import type { FailureSpec, ServerSpec } from './scenario.ts'
import { ServerModel } from './server-model.ts'
import { Sharing } from './sharing.ts'
import { type Service, Workers } from './workers.ts'

/** What a station needs of the simulation that it is in. */
export interface StationWorld {
  readonly clock: Clock
  readonly queue: EventQueue
  /** By number. */
  readonly attempts: readonly Attempt[]
  /** The server has answered; `attempt.outcome` says how. */
  answer(attempt: Attempt): void
  /** The server has nothing more in hand. */
  idle(station: Station): void
}

/** A simulated server: the queue and the workers of `ServerModel`, and how fast they are, and what befalls them. */
export class Station {
  readonly index: number
  readonly spec: ServerSpec
  readonly id: string
  readonly model: ServerModel<Request>
  readonly occupancy: Occupancy
  readonly membership: Membership
  /** Kept up to date only where somebody listens. */
  readonly load: LoadReport | undefined
  /** Ended in an error after service. */
  failed = 0
  /** Turned away because the server was not there. */
  unreachable = 0
  private readonly world: StationWorld
  private readonly service: Service
  private readonly dice: Rng
  /** What it has at hand, and how often that helped. */
  readonly cache: KeyCache | undefined
  private failure: FailureSpec | undefined
  private baseSpeed: number
  private disturbance = 1
  /** How many things hold up its work. */
  private stops = 0
  private stoppedAt = -Infinity
  private refusals = 0
  private outage: 'refuse' | 'hang' | false = false
  /** Requests that will still be slow because it is cold. */
  private coldFor: number
  /** The work of those that wait for a worker. */
  private waiting = 0

  constructor(
    index: number,
    spec: ServerSpec & { id: string },
    world: StationWorld,
    rng: Rng,
    listens: boolean,
  ) {
    const {
      cache,
      cold,
      discipline = 'fifo',
      failure,
      queue = Infinity,
      speed = 1,
      workers = 1,
    } = spec
    this.index = index
    this.id = spec.id
    this.spec = spec
    this.world = world
    const sharing = discipline === 'sharing'
    this.model = new ServerModel<Request>({
      concurrency: discipline === 'infinite' ? Infinity : sharing ? workers + queue : workers,
      queue: sharing ? 0 : queue,
      lastFirst: discipline === 'lifo',
    })
    this.service = sharing
      ? new Sharing(world.clock, world.queue, index, workers, speed, world.attempts)
      : new Workers(world.clock, world.queue, speed)
    this.occupancy = new Occupancy(discipline === 'infinite' ? Infinity : workers)
    this.membership = new Membership(world.clock.now, spec.weight ?? 1)
    this.load = listens ? new LoadReport(this.model) : undefined
    this.dice = rng.fork(`faults of ${spec.id}`)
    this.cache = cache && new KeyCache(cache.entries)
    this.failure = failure
    this.baseSpeed = speed
    this.coldFor = cold?.requests ?? 0
  }

  /** How many are in hand. */
  get inHand(): number {
    return this.model.serving + this.model.queued
  }

  /** A connection would come about. */
  get reachable(): boolean {
    return this.refusals === 0
  }

  /** When it last did some work: now, if it does. */
  get movedAt(): number {
    return this.speedNow > 0 ? this.world.clock.now : this.stoppedAt
  }

  /** If no neighbour took its speed, it would do some work. */
  get wouldMove(): boolean {
    return this.stops === 0 && this.baseSpeed > 0
  }

  /** Work done a millisecond by each worker, as things are now. */
  get speedNow(): number {
    return this.stops > 0 ? 0 : this.baseSpeed * this.disturbance
  }

  /** What is left to do, at speed 1. */
  get remaining(): number {
    return this.waiting + this.service.left
  }

  /** An attempt arrives; its work is `attempt.left`. */
  arrive(attempt: Attempt): void {
    const { clock } = this.world
    attempt.stage = 'inside'
    if (this.refusals > 0) {
      this.unreachable++
      this.turnAway(attempt, 'refused')
      return
    }
    this.occupancy.settle(clock.now, this.inHand)
    const place = this.model.arrive(attempt, clock.now)
    if (place === 'serving') this.begin(attempt)
    if (place === 'queued') this.waiting += attempt.left
    if (place === 'outside') {
      this.load?.refused(clock.now)
      attempt.status = 503
      this.turnAway(attempt, 'error')
    } else this.load?.changed(clock.now)
  }

  /** The work of one that is being served is done. */
  finish(attempt: Attempt): void {
    const { clock } = this.world
    const { fails } = attempt
    this.occupancy.settle(clock.now, this.inHand)
    this.service.end(attempt)
    const next = this.model.finish(attempt, clock.now) as Attempt | undefined
    if (fails) this.failed++
    this.load?.finished(attempt, clock.now, fails)
    if (next !== undefined) this.follow(next)
    attempt.outcome = fails ? 'error' : 'ok'
    attempt.status = fails ? (this.failure?.status ?? 500) : 200
    attempt.version = (attempt.version + 1) | 0
    this.world.answer(attempt)
    if (this.inHand === 0) this.world.idle(this)
  }

  /** The time that was planned for the end of a service has come, where workers are shared. */
  sharedFinish(version: number): void {
    const attempt = (this.service as Sharing).finished(version)
    if (attempt !== undefined) this.finish(attempt)
  }

  /** Nobody waits for this one any more, and the server hears of it. */
  abandon(attempt: Attempt): void {
    if (attempt.place === 'outside') return
    const { clock } = this.world
    this.occupancy.settle(clock.now, this.inHand)
    // First, so that whoever plans the next end of a service does not plan this one's.
    attempt.version = (attempt.version + 1) | 0
    if (attempt.place === 'serving') this.service.end(attempt)
    else this.waiting -= attempt.left
    const next = this.model.abandon(attempt, clock.now) as Attempt | undefined
    if (this.model.queued === 0 && next === undefined) this.waiting = 0 // See `follow`.
    this.load?.changed(clock.now)
    if (next !== undefined) this.follow(next)
    if (this.inHand === 0) this.world.idle(this)
  }

  setSpeed(speed: number): void {
    this.stoppedAt = this.movedAt
    this.baseSpeed = speed
    this.adjust()
  }

  setFailure(failure: FailureSpec): void {
    this.failure = failure
  }

  /** A neighbour takes a part of its speed; 1: none does. */
  disturb(factor: number): void {
    this.stoppedAt = this.movedAt
    this.disturbance = factor
    this.adjust()
  }

  /** Its work stands still until `resume`, as often as it was stopped. */
  stop(): void {
    this.stoppedAt = this.movedAt
    this.stops++
    this.adjust()
  }

  resume(): void {
    this.stops--
    this.adjust()
  }

  /** The time to measure begins, or ends. */
  measure(end: boolean): void {
    const { now } = this.world.clock
    if (end) this.occupancy.close(now, this.inHand)
    else {
      this.occupancy.restart(now, this.inHand)
      this.membership.restart(now)
    }
  }

  /** Takes no connection until `admit`, as often as it was refused. */
  refuse(): void {
    this.refusals++
  }

  admit(): void {
    this.refusals--
  }

  /** Refuses connections, or hangs, until it is told that this is over. */
  setOutage(kind: 'refuse' | 'hang' | false): void {
    if (kind === this.outage) return
    if (this.outage === 'refuse') this.admit()
    if (this.outage === 'hang') this.resume()
    this.outage = kind
    if (kind === 'refuse') this.refuse()
    if (kind === 'hang') this.stop()
  }

  /** Everything in hand ends in an error; it is cold afterwards, and has forgotten what it had cached. */
  crash(): void {
    for (const attempt of this.inHandNow()) {
      this.abandon(attempt)
      attempt.outcome = 'error'
      this.world.answer(attempt)
    }
    this.coldFor = this.spec.cold?.requests ?? 0
    this.cache?.clear()
  }

  /** One that waited has its turn. */
  private follow(attempt: Attempt): void {
    // What was added comes off again, but for rounding, which must not build up.
    this.waiting = this.model.queued === 0 ? 0 : this.waiting - attempt.left
    this.begin(attempt)
  }

  private begin(attempt: Attempt): void {
    const { failure, spec } = this
    if (this.coldFor > 0) {
      attempt.left *= spec.cold!.factor
      this.coldFor--
    }
    if (this.cache?.ask(attempt.keyNumber) === true) attempt.left *= spec.cache!.hit
    attempt.fails = false
    if (failure !== undefined && failure.rate > 0 && this.dice.float() < failure.rate) {
      attempt.fails = true
      // By the clock, whatever the speed; a server that stands still is not asked for its speed.
      if (failure.after !== undefined)
        attempt.left = failure.after * this.baseSpeed * this.disturbance
    }
    if (spec.dropsExpired === true && attempt.givenUp) {
      attempt.fails = true
      attempt.left = 0
    }
    this.service.begin(attempt)
  }

  private turnAway(attempt: Attempt, outcome: Outcome): void {
    attempt.outcome = outcome
    this.world.answer(attempt)
  }

  private adjust(): void {
    this.service.setSpeed(this.speedNow)
  }

  /** Rarely asked for, so they are looked for and not kept. */
  private inHandNow(): Attempt[] {
    return this.world.attempts.filter(
      (attempt) => attempt.station === this && attempt.place !== 'outside',
    )
  }
}
