import type { Endpoint } from '../core/endpoint.ts'
import { HashRing } from '../core/hash-ring.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'
import type { Sight, Words } from '../core/sight.ts'

export interface RingHashOptions {
  readonly points: number
}

const WORDS: Words = {
  strategy: 'ring_hash',
  score: 'how far clockwise from the key its next point is, as a part of the circle',
  best: 'lowest',
  ties: 'the smaller id',
  facts: [
    'place of the key on the circle, from 0 to 1',
    'points of others passed over, who are away',
  ],
}

/**
 * Sends a key to the first server clockwise on a circle, so that the same key meets the same server, and few keys move when
 * servers come and go.
 *
 * Karger et al., "Consistent Hashing and Random Trees", STOC 1997; with many points a server, in proportion to weight, as
 * in ketama (Richard Jones, last.fm, 2007) and nginx's `hash … consistent`, whose 160 points a unit of weight are the
 * default here. With v points each, the shares of n servers deviate by sqrt((n - 1) / (nv + 1)) of the mean: 7.5 % for ten
 * servers, and the fullest has about 15 % too much. More points are fairer, and cost memory.
 *
 * Envoy gives the ring a fixed size and each server a part of it, so that everybody's points change with each newcomer:
 * from 4 servers to 5 it moves 31 % of the keys, a third of them between old servers, where 20 % is due. nginx drops all
 * but one of the points that fall together. Here a server's points depend on that server alone and none is dropped: when
 * one leaves only its keys move, when one comes or gets heavier keys move only to it. Scaling all weights changes the
 * number of points, and so moves keys. A server has at least one point and at most 16,384.
 *
 * A pick is a binary search: log2(160 n) steps for n servers of weight 1, and a step more for each point of somebody who is
 * away. Memory: 12 bytes a point; servers that are away are only marked, until a new one makes the ring anew.
 */
export class RingHash implements Strategy {
  readonly name = 'ring_hash'
  private readonly ring: HashRing

  constructor(_: StrategyContext, { points }: RingHashOptions) {
    this.ring = new HashRing(points)
  }

  update(servers: readonly Endpoint[]): void {
    this.ring.update(servers)
  }

  pick(key: number): Endpoint {
    return this.ring.find(key)!
  }

  explain(sight: Sight, key: number): void {
    sight.words = WORDS
    this.ring.explain(sight, key)
  }

  settled(): void {}
}
