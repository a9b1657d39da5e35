import { Histogram } from '../../proxy/core/histogram.ts'
import type { CheckTally } from './source.ts'

/** What answers came from one server, or for one page. */
export class Booking {
  /** By first digit of the status. */
  readonly byClass = new Float64Array(6)
  /** Response time of answers below 500. */
  readonly response = new Histogram()
  /** Begun, but no whole answer. Of a server nobody knows that. */
  failed = 0

  get answers(): number {
    return sumOf(this.byClass)
  }
}

/** How often a named check of answers held, and how often it did not. */
export interface CheckCount {
  passed: number
  failed: number
}

/**
 * What the generator did, so that nothing is dropped silently: due = answered + failed +
 * never connected + unsendable + shed + in flight.
 *
 * *Response time* counts from when a request was due, *service time* from when it was sent, and *lateness* is the
 * difference. A generator that only measures from sending leaves out what a stall does to those who wait behind it
 * ("coordinated omission", Gil Tene, "How NOT to Measure Latency", 2013).
 */
export class LoadAccount implements CheckTally {
  due = 0
  inflight = 0
  /** Whole answers by first digit of the status. */
  readonly byClass = new Float64Array(6)
  /** Begun, but no answer, or only a part of one. */
  failed = 0
  /** Waited for a connection in vain: nothing was sent. */
  unconnected = 0
  /** Not HTTP by the client's rules: nothing was sent. */
  unsendable = 0
  /** Too many in flight already: nothing was sent. */
  shed = 0
  /** How often a request failed or could not be sent, by reason. */
  readonly reasons = new Map<string, number>()
  /** Answers by the server that gave them; `''` for those that the proxy gave itself. */
  readonly servers = new Map<string, Booking>()
  /** Answers by page, where requests have one. */
  readonly pages = new Map<string, Booking>()
  readonly checks = new Map<string, CheckCount>()
  /** Of answers below 500, in milliseconds. */
  readonly response = new Histogram()
  /** The same, since whoever samples it has cleared it. */
  readonly recent = new Histogram()
  /** Of answers below 500. */
  readonly service = new Histogram()
  /** Of everything that was not shed. */
  readonly lateness = new Histogram()

  get answered(): number {
    return sumOf(this.byClass)
  }

  /** Handed to the network: whatever happened to it then. */
  get sent(): number {
    return this.answered + this.failed + this.inflight
  }

  /** 0 when every due request is accounted for. */
  get missing(): number {
    return this.due - this.sent - this.unconnected - this.unsendable - this.shed
  }

  answer(status: number, server: string, response: number, service: number): void {
    const kind = Math.min(5, Math.floor(status / 100))
    const booking = bookingOf(this.servers, server)
    this.byClass[kind]++
    booking.byClass[kind]++
    if (kind === 5) return
    this.response.record(response)
    this.recent.record(response)
    this.service.record(service)
    booking.response.record(response)
  }

  /** Books an answer once more under its page; `status` 0: there was none. */
  page(name: string, status: number, response: number): void {
    const booking = bookingOf(this.pages, name)
    if (status === 0) {
      booking.failed++
      return
    }
    const kind = Math.min(5, Math.floor(status / 100))
    booking.byClass[kind]++
    if (kind < 5) booking.response.record(response)
  }

  check(name: string, passed: boolean): void {
    let count = this.checks.get(name)
    if (count === undefined) this.checks.set(name, (count = { passed: 0, failed: 0 }))
    if (passed) count.passed++
    else count.failed++
  }

  because(reason: string): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1)
  }
}

function bookingOf(bookings: Map<string, Booking>, name: string): Booking {
  let booking = bookings.get(name)
  if (booking === undefined) bookings.set(name, (booking = new Booking()))
  return booking
}

function sumOf(counts: Float64Array): number {
  let sum = 0
  for (const count of counts) sum += count
  return sum
}
