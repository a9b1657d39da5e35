import { Rng } from '../../proxy/core/rng.ts'
import { createArrivals, type Arrivals, type OpenArrivalSpec } from '../../simulator/arrivals.ts'
import type { DueRequest, Source } from './source.ts'
import { Visits, type VisitOptions } from './visits.ts'

export interface VisitSourceOptions extends Omit<VisitOptions, 'count' | 'think'> {
  readonly arrivals: OpenArrivalSpec
  /** What the arrivals are called in errors. */
  readonly path?: string | undefined
  /** So many people come, again and again. Default 1000. */
  readonly visitors?: number | undefined
}

/**
 * An open model of a behaviour: whenever a request is due one of the visitors, drawn at random, takes his next step. Arrivals and
 * visitors have streams of their own, so one seed sends the same requests at every rate.
 */
export class VisitSource implements Source {
  private readonly arrivals: Arrivals
  private readonly who: Rng
  private readonly visitors: number
  private readonly visits: Visits

  constructor({ arrivals, path, seed, visitors = 1000, ...rest }: VisitSourceOptions) {
    const rng = new Rng(seed)
    this.visitors = visitors
    this.arrivals = createArrivals(arrivals, rng.fork('arrivals'), path)
    this.who = rng.fork('who')
    this.visits = new Visits({ ...rest, seed: rng.fork('visits').next() >>> 0, count: visitors })
  }

  next(): DueRequest | undefined {
    const time = this.arrivals.next()
    if (time === Infinity) return undefined
    const request = this.visits.next(this.who.int(this.visitors))
    request.time = time
    return request
  }
}
