import { hash32 } from '../../proxy/core/hash.ts'
import type { TraceEntry } from './trace.ts'

/** A whole trace, as small as it gets: 8 to 20 bytes a request. What a simulation replays. */
export interface Trace {
  readonly count: number
  /** Milliseconds from the first request: never falling, ties kept. */
  readonly times: Float64Array
  /** A 32-bit hash of each request's key; undefined where no request has one. */
  readonly keys: Int32Array | undefined
  /** Milliseconds of work each, NaN where it is not known; undefined where none is. */
  readonly work: Float64Array | undefined
  /** Requests that stood in the file behind later ones, and were put in their place. */
  readonly reordered: number
}

/** Collects the entries of a trace into arrays. */
export class TraceCollector {
  private count = 0
  private times = new Float64Array(1024)
  private keys = new Int32Array(1024)
  private work = new Float64Array(1024)
  private keyed = false
  private worked = false
  private reordered = 0
  private latest = -Infinity

  add({ key, t, work }: TraceEntry): void {
    if (this.count === this.times.length) this.grow()
    const place = this.count++
    this.times[place] = t
    this.keys[place] = hash32(key) | 0
    this.work[place] = work ?? NaN
    if (key !== '') this.keyed = true
    if (work !== undefined) this.worked = true
    if (t < this.latest) this.reordered++
    else this.latest = t
  }

  /** After the last entry. The arrays are the collector's own, cut to size. */
  finish(): Trace {
    const { count, reordered } = this
    const order = reordered > 0 ? inOrder(this.times.subarray(0, count)) : undefined
    const times = arranged(this.times.subarray(0, count), order)
    // A trace begins with its first request, also where that stood behind others.
    const first = count > 0 ? times[0] : 0
    if (first !== 0) for (let i = 0; i < count; i++) times[i] = micro(times[i] - first)
    return {
      count,
      times,
      keys: this.keyed ? arranged(this.keys.subarray(0, count), order) : undefined,
      work: this.worked ? arranged(this.work.subarray(0, count), order) : undefined,
      reordered,
    }
  }

  private grow(): void {
    const size = this.times.length * 2
    this.times = larger(this.times, new Float64Array(size))
    this.work = larger(this.work, new Float64Array(size))
    this.keys = larger(this.keys, new Int32Array(size))
  }
}

function larger<T extends Float64Array | Int32Array>(array: T, into: T): T {
  into.set(array)
  return into
}

/** The places in order of time; of equal times in order of appearance. */
function inOrder(times: Float64Array): Uint32Array {
  return Uint32Array.from(times, (_, i) => i).sort((a, b) => times[a] - times[b] || a - b)
}

function arranged<T extends Float64Array | Int32Array>(
  array: T,
  order: Uint32Array | undefined,
): T {
  const copy = array.slice() as T
  if (order !== undefined) for (let i = 0; i < order.length; i++) copy[i] = array[order[i]]
  return copy
}

/** Differences of times that were good to the microsecond are, too. */
function micro(t: number): number {
  return Math.round(t * 1e3) / 1e3
}
