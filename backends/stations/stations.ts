import type { ServerResponse } from 'node:http'
import { Clock } from '../../proxy/core/clock.ts'
import { Rng } from '../../proxy/core/rng.ts'
import { EventQueue } from '../../simulator/event-queue.ts'
import * as event from '../../simulator/events.ts'
import type { Attempt } from '../../simulator/request.ts'
import type { EventSpec, Scenario, ServerSpec } from '../../simulator/scenario.ts'
import { serverId } from '../../simulator/server-id.ts'
import { Station, type StationWorld } from '../../simulator/station.ts'
import { Alarm } from './alarm.ts'
import { Happenings } from './happenings.ts'
import { monotonic } from './monotonic.ts'
import { Visit } from './visit.ts'

/** What is to be known of a scenario to be its servers. */
export type ServersOfScenario = Pick<Scenario, 'duration' | 'seed' | 'servers'> & {
  readonly warmup: number
  readonly events: readonly EventSpec[]
  /** A client that leaves takes its work along. */
  readonly cancels: boolean
}

/** Who has to know what becomes of the servers: those who stand in front of them. */
export interface Front {
  answer(visit: Visit): void
  /** A server may have changed: whether it takes connections, whether it moves. */
  follow(station: Station): void
  /** One that the scenario adds on the way. */
  added(station: Station): void
}

/**
 * The simulator's servers in real time: the very same stations, whose events happen when their time has come by the machine's clock.
 *
 * What happens late still counts from its own time: a service that was over at 10.0 is over at 10.0, and whoever waited begins then, although
 * it is 10.2 by now. So delays of the machine do not add up; an answer is late by its own delay and by no other's.
 */
export class Stations implements StationWorld {
  readonly clock = new Clock()
  readonly queue = new EventQueue()
  readonly attempts: Visit[] = []
  readonly stations: Station[] = []
  readonly scenario: ServersOfScenario
  private readonly front: Front
  private readonly happenings: Happenings
  private readonly rng: Rng
  private readonly alarm: Alarm
  private readonly spare: number[] = []
  /** When time 0 is, by `monotonic`. */
  private zero = Infinity

  constructor(scenario: ServersOfScenario, front: Front) {
    const { duration, seed, servers, warmup } = scenario
    this.scenario = scenario
    this.front = front
    this.rng = new Rng(seed)
    this.alarm = new Alarm(() => this.catchUp())
    this.happenings = new Happenings(this)
    for (const spec of servers) this.add(spec)
    this.queue.add(warmup, event.eventOf(event.MARK, 0))
    this.queue.add(duration, event.eventOf(event.MARK, 1))
    this.happenings.begin()
  }

  /** Time begins then. */
  go(zero: number): void {
    this.zero = zero
    this.catchUp()
  }

  /** They are there from now on. */
  add(spec: ServerSpec): void {
    for (let i = 0; i < (spec.count ?? 1); i++) {
      const { length: index } = this.stations
      const named = { ...spec, id: serverId(spec, index) }
      const station = new Station(index, named, this, this.rng, true)
      this.stations.push(station)
      this.front.added(station)
    }
  }

  /** So far it is now: before time 0 it is 0. */
  get time(): number {
    return Math.max(0, monotonic() - this.zero)
  }

  /** Everything happens that should have by now. */
  catchUp(): void {
    const { clock, queue } = this
    for (;;) {
      const now = this.time
      while (queue.nextAt <= now) {
        clock.now = queue.nextAt
        this.handle(queue.take())
      }
      clock.now = Math.max(clock.now, now)
      if (queue.nextAt > this.time) break
    }
    if (queue.nextAt < Infinity && this.zero < Infinity) this.alarm.set(this.zero + queue.nextAt)
  }

  /** A request has come to a server, with so much work, and about the key of that number. */
  arrive(station: Station, response: ServerResponse, work: number, keyNumber: number): Visit {
    this.catchUp()
    const index = this.spare.pop() ?? this.attempts.length
    const before: Visit | undefined = this.attempts[index]
    const version = before === undefined ? 0 : (before.version + 1) | 0
    const visit = new Visit(index, version, station, response)
    visit.left = work
    visit.keyNumber = keyNumber
    this.attempts[index] = visit
    station.arrive(visit)
    this.catchUp() // It may be through already, and something new is planned.
    return visit
  }

  /** Its client has gone. */
  leave(visit: Visit): void {
    if (!this.scenario.cancels) return
    this.catchUp()
    if (visit.place === 'outside') return // It is over.
    visit.station.abandon(visit)
    this.spare.push(visit.index)
    this.catchUp()
  }

  answer(attempt: Attempt): void {
    this.spare.push(attempt.index)
    this.front.answer(attempt as Visit)
  }

  idle(): void {}

  changed(station: Station): void {
    this.front.follow(station)
  }

  async close(): Promise<void> {
    await this.alarm.close()
  }

  private handle(code: number): void {
    const { attempts, queue, stations } = this
    const { detail } = queue
    const index = event.indexOf(code)
    switch (event.kindOf(code)) {
      case event.FINISH:
        return attempts[index].finish(detail)
      case event.SHARED_FINISH:
        return stations[index].sharedFinish(detail)
      case event.CHANGE:
        return this.happenings.happen(index)
      case event.RESUME:
        return this.happenings.resume(stations[index], detail === 1)
      case event.MARK:
        for (const station of stations) station.measure(index === 1)
    }
  }
}
