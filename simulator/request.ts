import type { Endpoint } from '../proxy/core/endpoint.ts'
import type { Draft } from '../proxy/core/report.ts'
import type { Outcome } from '../proxy/core/recorder.ts'
import type { Ticket } from '../proxy/core/waiting-line.ts'
import type { ProxyModel } from './proxy-model.ts'
import { Job } from './server-model.ts'
import type { Station } from './station.ts'

/** What a client asked for, from its arrival to its end. Used again afterwards. (`declare`: see `Clock`.) */
export class Request implements Ticket {
  /** Where it is in its pool. */
  declare readonly index: number
  declare proxy: ProxyModel
  declare arrivedAt: number
  /** The affinity hash, and the number of the key itself; -1 where there are no keys. */
  declare key: number
  declare keyNumber: number
  declare work: number
  /** Which closed user asks; -1: nobody who waits for the answer before he asks again. */
  declare user: number
  /** It arrived when the warm-up was over. */
  declare counted: boolean
  declare attempts: number
  /** How many of them it still waits for. */
  declare underWay: number
  /** Those that it waits for: one, or two where it is hedged. */
  declare first: Attempt | undefined
  declare second: Attempt | undefined
  /** Servers tried before. */
  declare readonly tried: Endpoint[]
  /** Where its session is; undefined: anybody will do. */
  declare wanted: Endpoint | undefined
  declare over: boolean
  /** Goes up whenever it ends: an event for an earlier use of this object is out of date. */
  declare version: number
  /** Neighbours among those with a deadline, in order of arrival; see `Patience`. */
  declare earlier: Request | undefined
  declare later: Request | undefined
  declare timed: boolean
  /** For the line where it waits while every server is full. */
  declare waitingSince: number
  declare ahead: Ticket | undefined
  declare behind: Ticket | undefined

  constructor(index: number, proxy: ProxyModel) {
    this.index = index
    this.proxy = proxy
    this.arrivedAt = 0.5 // Not an integer: from the start the engine keeps room for a double.
    this.key = 0
    this.keyNumber = -1
    this.work = 0.5
    this.user = -1
    this.counted = false
    this.attempts = 0
    this.underWay = 0
    this.first = undefined
    this.second = undefined
    this.tried = []
    this.wanted = undefined
    this.over = true
    this.version = 0
    this.earlier = undefined
    this.later = undefined
    this.timed = false
    this.waitingSince = -1
    this.ahead = undefined
    this.behind = undefined
  }

  get attempt(): number {
    return this.attempts
  }

  get startedAt(): number {
    return this.arrivedAt
  }

  /** It is tried again, unless it has ended since that was planned. */
  retry(version: number): void {
    if (version === this.version) this.proxy.try(this)
  }

  /** Likewise for a second attempt beside its first. */
  hedge(version: number): void {
    if (version === this.version) this.proxy.hedge(this)
  }

  admitted(server: Endpoint): void {
    this.proxy.launch(this, server)
  }

  waitedInVain(): void {
    this.proxy.turnAway(this)
  }
}

/** How far an attempt has come. */
export type Stage = 'outbound' | 'inside' | 'inbound'

/** One try of a request at one server. */
export class Attempt extends Job<Request> {
  declare readonly index: number
  /** As its proxy knows the server. */
  declare endpoint: Endpoint
  declare station: Station
  declare startedAt: number
  /** It is its request's first. */
  declare isFirst: boolean
  /** Work left at `since`, at speed 1. */
  declare left: number
  declare since: number
  /** It will end in an error, as has been drawn. */
  declare fails: boolean
  declare outcome: Outcome
  /** Of the answer, as HTTP has it; 0: there is none, since the connection never stood, or broke. */
  declare status: number
  declare stage: Stage
  /** Its proxy does not wait for it any longer. */
  declare givenUp: boolean
  /** `report` is of this attempt. */
  declare reports: boolean
  declare keyNumber: number
  /** Where it is among those being served; see `Workers`. */
  declare desk: number
  /** Goes up whenever it is rescheduled or ends: an event for an earlier plan is out of date. */
  declare version: number
  /** Neighbours among those with a deadline, in order of start; see `Patience`. */
  declare earlier: Attempt | undefined
  declare later: Attempt | undefined
  declare timed: boolean
  /** What the server said of itself in its answer. Only filled where somebody listens. */
  declare readonly report: Draft

  constructor(
    index: number,
    request: Request,
    endpoint: Endpoint,
    station: Station,
    report: Draft,
  ) {
    super(request)
    this.index = index
    this.endpoint = endpoint
    this.station = station
    this.startedAt = 0.5
    this.isFirst = true
    this.left = 0.5
    this.since = 0.5
    this.fails = false
    this.outcome = 'ok'
    this.status = 0
    this.stage = 'outbound'
    this.givenUp = false
    this.reports = false
    this.keyNumber = -1
    this.desk = 0
    this.version = 0
    this.earlier = undefined
    this.later = undefined
    this.timed = false
    this.report = report
  }

  /** It comes to its server. */
  reach(): void {
    this.data.proxy.reached(this)
  }

  /** Its service is over, unless that was planned anew since. */
  finish(version: number): void {
    if (version === this.version) this.station.finish(this)
  }

  /** Its answer comes back to its proxy. */
  return(): void {
    this.data.proxy.answered(this)
  }
}
