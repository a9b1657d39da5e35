import type { Rng } from '../proxy/core/rng.ts'
import { above0, exponential, unknownType } from './distributions.ts'

/** When requests arrive, as plain data. Rates are per second, times milliseconds. */
export type ArrivalSpec =
  | { type: 'poisson'; rate: number }
  | { type: 'paced'; rate: number }
  | { type: 'trace'; times: readonly number[]; speed?: number }

/** An open arrival process: it never waits for answers. The simulator and the load generator both draw from it. */
export interface Arrivals {
  /** When the next request is due, in milliseconds since the start, never before the last one; `Infinity` after the last. */
  next(): number
}

/** Throws a `RangeError` that names the path of what is wrong: `arrivals.rate must be above 0, got 0`. */
export function createArrivals(spec: ArrivalSpec, rng: Rng, path = 'arrivals'): Arrivals {
  switch (spec.type) {
    case 'poisson':
      return new PoissonArrivals(above0(spec.rate, `${path}.rate`), rng)
    case 'paced':
      return new PacedArrivals(above0(spec.rate, `${path}.rate`))
    case 'trace':
      return new TraceArrivals(spec.times, above0(spec.speed ?? 1, `${path}.speed`))
    default:
      throw unknownType(spec, path, 'poisson, paced, trace')
  }
}

/** Independent users: gaps are exponential, and the past says nothing about the next one. */
class PoissonArrivals implements Arrivals {
  private readonly mean: number
  private readonly rng: Rng
  private time = 0

  constructor(rate: number, rng: Rng) {
    this.mean = 1000 / rate
    this.rng = rng
  }

  next(): number {
    this.time += exponential(this.rng, this.mean)
    return this.time
  }
}

/** A metronome that starts with a beat. Each time is worked out from its number, so errors do not add up. */
class PacedArrivals implements Arrivals {
  private readonly rate: number
  private count = 0

  constructor(rate: number) {
    this.rate = rate
  }

  next(): number {
    return (this.count++ * 1000) / this.rate
  }
}

/**
 * Recorded times, each divided by the speed, so gaps keep their proportions exactly and ties stay ties. Where a trace steps
 * back in time, the request is due together with the latest one before it: a generator cannot send into the past.
 */
class TraceArrivals implements Arrivals {
  private readonly times: readonly number[]
  private readonly speed: number
  private index = 0
  private latest = 0

  constructor(times: readonly number[], speed: number) {
    this.times = times
    this.speed = speed
  }

  next(): number {
    if (this.index >= this.times.length) return Infinity
    const time = this.times[this.index++]
    if (time > this.latest) this.latest = time
    return this.latest / this.speed
  }
}
