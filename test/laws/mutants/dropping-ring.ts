import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { mutant } from './mutant.ts'
import { Ring } from './ring.ts'

/** Of points at one place the first in the list survives, as in nginx: two proxies with the same servers disagree. */
class DroppingRing extends Ring {
  protected override pointsOf({ weight }: Endpoint): number {
    return Math.ceil(40 * weight)
  }

  /** So few places that points do meet. */
  protected override place(hash: number): number {
    return hash >>> 24
  }

  protected override sift(points: { at: number; server: Endpoint }[]): typeof points {
    return points.filter((point, i) => points.findIndex((other) => other.at === point.at) === i)
  }
}

export const droppingRing = mutant(
  { name: 'a ring that drops points', caughtBy: 'reordering', claims: ['monotone'], keyed: true },
  DroppingRing,
)
