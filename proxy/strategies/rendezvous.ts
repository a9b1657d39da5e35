import type { Endpoint } from '../core/endpoint.ts'
import { HashScores } from '../core/hash-scores.ts'
import type { Strategy } from '../core/strategy.ts'
import type { Sight, Words } from '../core/sight.ts'

const WORDS: Words = {
  strategy: 'rendezvous',
  score: 'score of this key and this server',
  best: 'highest',
  ties: 'the smaller id',
}

/**
 * Sends a key to the server that scores highest for it, so that the same key meets the same server; every pair of key and
 * server has a score of its own.
 *
 * Highest random weight: Thaler and Ravishankar, "Using Name-Based Mappings to Increase Hit Rates", IEEE/ACM Transactions
 * on Networking 6(1), 1998. Weights as in Schindelhauer and Schomaker, "Weighted Distributed Hash Tables", SPAA 2005: a
 * server of weight w scores -w / ln u, and gets exactly w/W of all keys, up to chance. When one leaves only its keys move,
 * to all the others in proportion to weight; when one comes or gets heavier keys move only to it. There is no table to
 * make, and no parameter to choose; scaling all weights changes nothing. Of equal scores the smaller id wins.
 *
 * A pick looks at every server: a hash each, and a logarithm for the few that could still win where weights differ. That is
 * cheaper than a ring for a dozen servers, and dearer for a hundred. Memory: two hashes and a weight a server.
 */
export class Rendezvous implements Strategy {
  readonly name = 'rendezvous'
  private readonly scores = new HashScores()

  update(servers: readonly Endpoint[]): void {
    this.scores.update(servers)
  }

  pick(key: number): Endpoint {
    return this.scores.find(key)!
  }

  explain(sight: Sight, key: number): void {
    sight.words = WORDS
    if (sight.brief) return
    sight.expected = this.scores.find(key)!.slot
    this.scores.explain(sight, key)
  }

  settled(): void {}
}
