import { OUTCOMES } from '../../proxy/core/recorder.ts'
import { exp } from '../../proxy/core/exponential.ts'
import { log } from '../../proxy/core/logarithm.ts'
import { sortedQuantile } from '../statistics/percentile.ts'
import type { FailureSpec } from '../scenario.ts'
import type { Book } from './book.ts'
import { demandsOf } from './demands.ts'
import { FEWEST, type FoundManner, type FoundManners, mannersOf } from './manner.ts'
import { type Outage, outagesOf } from './outages.ts'
import { type Visits, visitsOf } from './visits.ts'

export interface EstimatedServer extends FoundManner {
  readonly id: string
  /** Tries that it had. */
  readonly visits: number
  readonly mostInHand: number
  /** Mean work of what it answered well, in milliseconds of one of its workers; NaN if nothing was. */
  readonly demand: number
  /** Its standard error, as a share of it. */
  readonly error: number
  /** Against the typical server: 1. */
  readonly speed: number
  readonly failure: FailureSpec | undefined
  readonly outages: readonly Outage[]
}

/** What a stretch of a log says of the servers. */
export interface Estimate {
  readonly manners: Pick<FoundManners, 'discipline' | 'margin' | 'next'>
  readonly servers: readonly EstimatedServer[]
  /** Speeds differ by no more than chance would have it, and are taken as equal. */
  readonly alike: boolean
  /** Work at speed 1 of each request of the book, in milliseconds; NaN where nobody knows. */
  readonly work: Float64Array
  /** Those that are known, in ascending order. */
  readonly works: Float64Array
  /** What a request takes beside its time at the servers, in milliseconds: the median. */
  readonly beside: number
}

const OK = OUTCOMES.indexOf('ok')
const ERROR = OUTCOMES.indexOf('error')

/** From requests with places from `from` to below `to` of the book. */
export function estimate(book: Book, from = 0, to = book.count): Estimate {
  const all = visitsOf(book.tries, book.servers.length, from, to)
  // Of two requests each was anywhere inside its tick.
  const blur = Math.max(0.2, book.grain)
  const found = mannersOf(all, blur)
  const works = all.map((visits, i) => demandsOf(visits, found.servers[i]).work)
  const spreads = all.map((visits, i) => spreadOf(visits, works[i]))
  const { alike, speeds } = speedsOf(spreads)
  const work = new Float64Array(book.count).fill(NaN)
  all.forEach(({ good, tries }, server) => {
    for (let i = 0; i < tries.length; i++) {
      if (good[i] === 1)
        work[book.tries.request[tries[i]]] = Math.max(0, works[server][i]) * speeds[server]
    }
  })
  const outages = outagesOf(book.tries, book.servers.length, from, to)
  return {
    manners: found,
    servers: found.servers.map((manner, i) => ({
      ...manner,
      id: book.servers[i],
      visits: all[i].count,
      mostInHand: all[i].mostInHand,
      demand: spreads[i].mean,
      error: spreads[i].error,
      speed: speeds[i],
      failure: failureOf(book, all[i]),
      outages: outages[i],
    })),
    alike,
    work,
    works: work.filter((each) => !Number.isNaN(each)).sort(),
    beside: besideOf(book, from, to),
  }
}

interface Spread {
  readonly count: number
  readonly mean: number
  /** Of the mean, as a share of it. */
  readonly error: number
}

function spreadOf({ good }: Visits, work: Float64Array): Spread {
  let count = 0
  let mean = 0
  let squares = 0
  for (let i = 0; i < work.length; i++) {
    if (good[i] === 0) continue
    const value = Math.max(0, work[i])
    count++
    const off = value - mean
    mean += off / count
    squares += off * (value - mean)
  }
  if (count < 2) return { count, mean: count === 0 ? NaN : mean, error: Infinity }
  return { count, mean, error: Math.sqrt(squares / (count - 1) / count) / mean }
}

/** Less than that nobody has to know, however sure it is. */
const SLIGHT = 0.01

/** From mean works, since that is what fills a server: 1 is their geometric mean. Who was hardly used is like the others. */
function speedsOf(spreads: readonly Spread[]): { alike: boolean; speeds: number[] } {
  const known = spreads.filter(({ count, mean }) => mean > 0 && count >= FEWEST)
  if (known.length === 0) return { alike: true, speeds: spreads.map(() => 1) }
  const typical = exp(known.reduce((sum, { mean }) => sum + log(mean), 0) / known.length)
  const alike = known.every(
    ({ error, mean }) => Math.abs(log(typical / mean)) <= Math.max(SLIGHT, 2.5 * error),
  )
  const speeds = spreads.map((each) => (alike || !known.includes(each) ? 1 : typical / each.mean))
  return { alike, speeds }
}

/** How many of its answers were errors, and how long those took. */
function failureOf(book: Book, { tries }: Visits): FailureSpec | undefined {
  const spans: number[] = []
  let answered = 0
  for (const each of tries) {
    const how = book.tries.outcome[each]
    if (how === OK || how === ERROR) answered++
    if (how === ERROR) spans.push(book.tries.left[each] - book.tries.arrived[each])
  }
  if (spans.length === 0) return undefined
  spans.sort((a, b) => a - b)
  return { rate: spans.length / answered, after: Math.max(0, sortedQuantile(spans, 0.5)) }
}

/** Of requests that were tried once, and well. */
function besideOf({ count, outcome, took, tries }: Book, from: number, to: number): number {
  const number = new Int32Array(count)
  for (let i = 0; i < tries.count; i++) number[tries.request[i]]++
  const beside: number[] = []
  for (let i = 0; i < tries.count; i++) {
    const request = tries.request[i]
    if (request < from || request >= to || number[request] !== 1 || outcome[request] !== OK)
      continue
    const rest = took[request] - (tries.left[i] - tries.arrived[i])
    if (rest >= 0) beside.push(rest)
  }
  return beside.length === 0
    ? 0
    : sortedQuantile(
        beside.sort((a, b) => a - b),
        0.5,
      )
}
