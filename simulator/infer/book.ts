import { hash32, mix32 } from '../../proxy/core/hash.ts'
import { OUTCOMES, type Outcome } from '../../proxy/core/recorder.ts'
import type { TraceEntry } from '../trace/trace.ts'

/** The tries of a log, one after another, in order of when their servers had them. Times are milliseconds. */
export interface Tries {
  readonly count: number
  /** Which request of the book it was for. */
  readonly request: Int32Array
  /** Which server of the book it was at. */
  readonly server: Int32Array
  /** When it was picked, when the server had it, and when it was over. */
  readonly picked: Float64Array
  readonly arrived: Float64Array
  readonly left: Float64Array
  /** Of `OUTCOMES`. */
  readonly outcome: Int32Array
}

/** What a log says, as arrays: some 90 bytes a request. */
export interface Book {
  readonly count: number
  /** How many came before these, and were let go so that memory stays bounded. */
  readonly forgotten: number
  readonly servers: readonly string[]
  /** Milliseconds from the first request that is kept, in order. */
  readonly times: Float64Array
  /** Undefined where no request has one. */
  readonly keys: Int32Array | undefined
  /** Until it was answered; NaN where nobody knows. */
  readonly took: Float64Array
  readonly outcome: Int32Array
  readonly tries: Tries
  /** What the clock of the log resolves, in milliseconds. */
  readonly grain: number
}

/** Kept by default; the latest count. */
export const MOST_REQUESTS = 1_000_000

/** Writes down the entries of a log in order of time. */
export class Bookkeeper {
  private readonly most: number
  private readonly places = new Map<string, number>()
  private forgotten = 0
  private times: number[] = []
  private keys: number[] = []
  private took: number[] = []
  private outcomes: number[] = []
  /** Of all requests before, the tries; five numbers each. */
  private firstTry: number[] = []
  private tries: number[] = []
  private keyed = false

  constructor(most = MOST_REQUESTS) {
    this.most = most
  }

  get count(): number {
    return this.times.length
  }

  /** How many servers were named. */
  get pool(): number {
    return this.places.size
  }

  /** When the first that is kept came. */
  get begin(): number {
    return this.times[Math.max(0, this.times.length - this.most)]
  }

  add(entry: TraceEntry): void {
    // Twice as many before any are let go: moving the rest costs as much as they are.
    if (this.times.length >= 2 * this.most) this.forget(this.most)
    const { attempts, key, server, status = 200, t, took, work } = entry
    this.firstTry.push(this.tries.length)
    this.times.push(t)
    // The proxy writes the hash that it worked out.
    this.keys.push(
      attempts !== undefined && /^-?\d+$/.test(key) ? Number(key) | 0 : hash32(key) | 0,
    )
    if (key !== '') this.keyed = true
    const outcome = entry.outcome ?? (status < 500 ? 'ok' : 'error')
    this.outcomes.push(OUTCOMES.indexOf(outcome))
    this.took.push(took ?? work ?? NaN)
    for (const each of attempts ?? []) {
      this.try(each.server, each.start, each.connect, each.total, each.outcome)
    }
    if (attempts !== undefined || server === undefined || work === undefined) return
    this.try(server, Math.max(0, (took ?? work) - work), 0, work, outcome)
  }

  /** `grain`: of the log's clock. Where in it a request came nobody knows: anywhere. */
  finish(grain: number): Book {
    if (this.times.length > this.most) this.forget(this.times.length - this.most)
    const { times } = this
    const count = times.length
    const moved = Float64Array.from(times, (t, i) => t - times[0] + placeIn(i) * grain)
    const order = Uint32Array.from(moved, (_, i) => i).sort((a, b) => moved[a] - moved[b] || a - b)
    const rank = new Int32Array(count)
    order.forEach((from, to) => (rank[from] = to))
    const keys = this.keyed ? Int32Array.from(order, (i) => this.keys[i]) : undefined
    return {
      count,
      forgotten: this.forgotten,
      // Names are somebody's data, and are shown: nothing in them may steer a terminal.
      servers: Array.from(this.places.keys(), (name) => name.replaceAll(/\p{Cc}/gu, '\u{FFFD}')),
      times: Float64Array.from(order, (i) => moved[i]),
      keys,
      took: Float64Array.from(order, (i) => this.took[i]),
      outcome: Int32Array.from(order, (i) => this.outcomes[i]),
      tries: this.sorted(moved, rank),
      grain,
    }
  }

  private sorted(moved: Float64Array, rank: Int32Array): Tries {
    const { firstTry, tries } = this
    const count = tries.length / 5
    const owner = new Int32Array(count)
    firstTry.forEach((first, request) => {
      const end = firstTry[request + 1] ?? tries.length
      for (let at = first; at < end; at += 5) owner[at / 5] = request
    })
    const picked = Float64Array.from(owner, (request, i) => moved[request] + tries[5 * i + 1])
    const order = Uint32Array.from(owner, (_, i) => i).sort(
      (a, b) => picked[a] - picked[b] || a - b,
    )
    return {
      count,
      request: Int32Array.from(order, (i) => rank[owner[i]]),
      server: Int32Array.from(order, (i) => tries[5 * i]),
      picked: Float64Array.from(order, (i) => picked[i]),
      arrived: Float64Array.from(order, (i) => picked[i] + tries[5 * i + 2]),
      left: Float64Array.from(order, (i) => picked[i] + tries[5 * i + 3]),
      outcome: Int32Array.from(order, (i) => tries[5 * i + 4]),
    }
  }

  private try(server: string, start: number, connect: number, total: number, how: Outcome): void {
    const place = this.places.get(server) ?? this.places.size
    if (place === this.places.size) this.places.set(server, place)
    this.tries.push(place, start, Math.min(connect, total), total, OUTCOMES.indexOf(how))
  }

  private forget(number: number): void {
    const from = this.firstTry[number] ?? this.tries.length
    this.forgotten += number
    this.times = this.times.slice(number)
    this.keys = this.keys.slice(number)
    this.took = this.took.slice(number)
    this.outcomes = this.outcomes.slice(number)
    this.firstTry = this.firstTry.slice(number).map((each) => each - from)
    this.tries = this.tries.slice(from)
  }
}

/** From 0 to below 1, the same each time: the n-th request's place inside the tick of a clock. */
export function placeIn(n: number): number {
  return (mix32(n) >>> 0) / 2 ** 32
}
