import { shop } from './shop.ts'
import { VisitSource } from './visit-source.ts'

/** Customers of a shop who know nothing of each other: Poisson arrivals, and pages that may all be asked for twice. */
export class ShopSource extends VisitSource {
  constructor(rate: number, seed: number) {
    super({ behaviour: shop, arrivals: { type: 'poisson', rate }, seed, path: 'shop' })
  }
}
