import { OUTCOMES } from '../../proxy/core/recorder.ts'
import type { Tries } from './book.ts'

/** The tries at one server, in order of when it had them. */
export interface Visits {
  readonly count: number
  /** Which try of the book. */
  readonly tries: Int32Array
  readonly arrived: Float64Array
  readonly left: Float64Array
  /** 1: it was answered as it should be, so how long it took tells of the server. */
  readonly good: Uint8Array
  /** How many others were in hand when it came. */
  readonly met: Int32Array
  readonly mostInHand: number
}

const OK = OUTCOMES.indexOf('ok')
const REFUSED = OUTCOMES.indexOf('refused')

/** Those at each server for requests from place `from` to below `to` of the book. A refused one never was there. */
export function visitsOf(tries: Tries, servers: number, from: number, to: number): Visits[] {
  const lists: number[][] = Array.from({ length: servers }, () => [])
  for (let i = 0; i < tries.count; i++) {
    if (tries.request[i] < from || tries.request[i] >= to || tries.outcome[i] === REFUSED) continue
    lists[tries.server[i]].push(i)
  }
  return lists.map((list) => visits(tries, list))
}

function visits(tries: Tries, list: number[]): Visits {
  list.sort((a, b) => tries.arrived[a] - tries.arrived[b] || a - b)
  const order = Int32Array.from(list)
  const arrived = Float64Array.from(order, (i) => tries.arrived[i])
  const left = Float64Array.from(order, (i) => tries.left[i])
  const ends = left.slice().sort()
  const met = new Int32Array(order.length)
  let gone = 0
  let most = 0
  for (let i = 0; i < order.length; i++) {
    while (gone < ends.length && ends[gone] <= arrived[i]) gone++
    met[i] = Math.max(0, i - gone)
    most = Math.max(most, met[i] + 1)
  }
  return {
    count: order.length,
    tries: order,
    arrived,
    left,
    good: Uint8Array.from(order, (i) => (tries.outcome[i] === OK ? 1 : 0)),
    met,
    mostInHand: most,
  }
}
