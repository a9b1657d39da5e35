import { Rng } from '../../proxy/core/rng.ts'
import { createArrivals, type Arrivals } from '../../simulator/arrivals.ts'
import type { DueRequest, Source } from './source.ts'

const PRODUCTS = 500
const CUSTOMERS = 1000
const WORDS = ['lamp', 'chair', 'kettle', 'rope', 'compass', 'map', 'anchor', 'lantern', 'oilskin']

/** One request in fifty only asks for the head, as monitoring and link checkers do. */
const HEAD_SHARE = 0.02

/**
 * Customers of a shop who know nothing of each other: Poisson arrivals, and pages that may all be asked for twice. Arrivals,
 * paths and customers are streams of their own, so one seed sends the same requests at every rate.
 */
export class ShopSource implements Source {
  private readonly arrivals: Arrivals
  private readonly paths: Rng
  private readonly customers: Rng

  constructor(rate: number, seed: number) {
    const rng = new Rng(seed)
    this.arrivals = createArrivals({ type: 'poisson', rate }, rng.fork('arrivals'), 'shop')
    this.paths = rng.fork('paths')
    this.customers = rng.fork('customers')
  }

  next(): DueRequest {
    return {
      time: this.arrivals.next(),
      method: this.paths.float() < HEAD_SHARE ? 'HEAD' : 'GET',
      path: this.path(),
      client: `customer-${this.customers.int(CUSTOMERS) + 1}`,
    }
  }

  private path(): string {
    const { paths } = this
    const kind = paths.float()
    const choice = paths.next()
    if (kind < 0.4) return `/products/${(choice % PRODUCTS) + 1}`
    if (kind < 0.6) return `/products?page=${(choice % 20) + 1}`
    if (kind < 0.75) return `/search?q=${WORDS[choice % WORDS.length]}`
    if (kind < 0.85) return '/cart'
    if (kind < 0.95) return '/'
    return `/orders/${(choice % 100_000) + 1}`
  }
}
