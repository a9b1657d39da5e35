import { Pool } from 'undici'
import { Alarm } from '../../backends/stations/alarm.ts'
import { KEY_FIELD, WORK_FIELD } from '../../backends/stations/door.ts'
import { monotonic } from '../../backends/stations/monotonic.ts'
import { Rng } from '../../proxy/core/rng.ts'
import { EventQueue } from '../../simulator/event-queue.ts'
import { Request } from '../../simulator/request.ts'
import type { EventSpec, Scenario } from '../../simulator/scenario.ts'
import { Traffic } from '../../simulator/traffic.ts'
import { Users } from '../../simulator/users.ts'
import { KEY_HEADER } from './configuration.ts'
import { Errand, type Sent, type Waiting } from './errand.ts'

/** Kinds of things to come. */
const [ARRIVAL, USER, CHANGE] = [0, 1, 2]

/** Somebody who does what a scenario has operators do. */
export interface Operator {
  happen(event: EventSpec): void
}

/**
 * Sends what the simulator's clients would send, at the very times: the same streams of arrivals, work, keys and thoughts, from the same seed,
 * over real sockets. Nothing waits for an earlier answer but a closed user.
 */
export class Driver implements Waiting {
  /** In the order in which they were sent. */
  readonly requests: Sent[] = []
  /** Settled when nothing is due any more, and all is answered. */
  readonly finished: Promise<void>
  readonly pool: Pool
  private readonly traffic: Traffic
  private readonly users: Users | undefined
  private readonly operator: Operator
  private readonly events: readonly EventSpec[]
  private readonly duration: number
  private readonly asked: Request
  private readonly queue = new EventQueue()
  private readonly alarm: Alarm
  private readonly done = Promise.withResolvers<void>()
  /** Times of the scenario's own arrivals: which plan counts, since a change of pace makes another. */
  private plan = 0
  private zero = Infinity
  private inFlight = 0
  private stopped = false

  constructor(scenario: Scenario, url: string, operator: Operator) {
    const { arrivals, duration, events = [], seed } = scenario
    const rng = new Rng(seed)
    this.traffic = new Traffic(scenario, rng)
    this.users = arrivals.type === 'closed' ? new Users(arrivals, rng.fork('users')) : undefined
    this.operator = operator
    this.events = events
    this.duration = duration
    this.asked = new Request(0, {} as Request['proxy'])
    this.alarm = new Alarm(() => this.pump())
    this.finished = this.done.promise
    // No limit of connections but the requests in flight: a queue inside the client would be a closed model in disguise.
    this.pool = new Pool(url, { headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 60_000 })
  }

  /** Time 0 is then, by `monotonic`. */
  start(zero: number): void {
    const { queue } = this
    this.zero = zero
    this.events.forEach(({ at }, index) => this.planEvent(index, at))
    this.planArrival(this.traffic.nextAt())
    for (let user = 0; user < (this.users?.count ?? 0); user++) this.think(user, 0)
    if (queue.nextAt === Infinity) this.done.resolve()
    this.pump()
  }

  now(): number {
    return monotonic() - this.zero
  }

  /** Sends no more. */
  stop(): void {
    this.stopped = true
    if (this.inFlight === 0) this.done.resolve()
  }

  over(request: Sent): void {
    this.inFlight--
    if (request.user >= 0 && !this.stopped) this.think(request.user, request.ended)
    this.pump()
  }

  /** What is still under way is given up. */
  async close(): Promise<void> {
    this.stopped = true
    await this.pool.destroy()
    await this.alarm.close()
  }

  private pump(): void {
    const { queue } = this
    while (!this.stopped && queue.nextAt <= this.now()) this.handle(queue.nextAt, queue.take())
    if (this.stopped || queue.nextAt === Infinity) {
      if (this.inFlight === 0) this.done.resolve()
    } else this.alarm.set(this.zero + queue.nextAt)
  }

  private handle(due: number, code: number): void {
    const { queue, traffic } = this
    const { detail } = queue
    if (code === USER) this.send(due, detail)
    else if (code === CHANGE) this.change(this.events[detail], detail, due)
    else if (detail === this.plan) {
      this.planArrival(traffic.nextAt())
      this.send(due, -1)
    }
  }

  private change(event: EventSpec, index: number, due: number): void {
    if ('traffic' in event && this.users === undefined) {
      this.planArrival(this.traffic.changePace(due, event.traffic))
    } else this.operator.happen(event)
    if (event.every !== undefined) this.planEvent(index, due + event.every)
  }

  private send(due: number, user: number): void {
    const { asked, pool, traffic } = this
    traffic.ask(asked)
    const key = traffic.keyText(asked)
    const { keyNumber, work } = asked
    const request: Sent = {
      due,
      sent: this.now(),
      work,
      key,
      user,
      ended: -1,
      outcome: 'aborted',
      server: '',
      arrived: -1,
      finished: -1,
    }
    this.requests.push(request)
    this.inFlight++
    const headers = [KEY_HEADER, key, WORK_FIELD, String(work), KEY_FIELD, String(keyNumber)]
    pool.dispatch({ method: 'GET', path: '/', headers }, new Errand(this, request))
  }

  private think(user: number, now: number): void {
    const due = now + this.users!.next(user)
    if (due < this.duration) this.queue.add(due, USER, user)
  }

  private planArrival(time: number): void {
    this.plan++
    if (time < Infinity) this.queue.add(time, ARRIVAL, this.plan)
  }

  private planEvent(index: number, time: number): void {
    if (time < this.duration) this.queue.add(time, CHANGE, index)
  }
}
