import { Histogram } from '../../proxy/core/histogram.ts'

/** What answers came from one server, as the answers themselves say. */
export class Booking {
  /** By first digit of the status. */
  readonly byClass = new Float64Array(6)
  /** Response time of answers below 500. */
  readonly response = new Histogram()

  get answers(): number {
    return sumOf(this.byClass)
  }
}

/**
 * What the generator did, so that nothing is dropped silently: due = answered + failed +
 * never connected + unsendable + shed + in flight.
 *
 * *Response time* counts from when a request was due, *service time* from when it was sent, and *lateness* is the
 * difference. A generator that only measures from sending leaves out what a stall does to those who wait behind it
 * ("coordinated omission", Gil Tene, "How NOT to Measure Latency", 2013).
 */
export class LoadAccount {
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
  /** Of answers below 500, in milliseconds. */
  readonly response = new Histogram()
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
    let booking = this.servers.get(server)
    if (booking === undefined) this.servers.set(server, (booking = new Booking()))
    this.byClass[kind]++
    booking.byClass[kind]++
    if (kind === 5) return
    this.response.record(response)
    this.service.record(service)
    booking.response.record(response)
  }

  because(reason: string): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1)
  }
}

function sumOf(counts: Float64Array): number {
  let sum = 0
  for (const count of counts) sum += count
  return sum
}
