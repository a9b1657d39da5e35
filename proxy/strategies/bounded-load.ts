import { slotsOf, weightsOf } from '../core/by-place.ts'
import type { Endpoint } from '../core/endpoint.ts'
import { HashRing } from '../core/hash-ring.ts'
import { HashScores } from '../core/hash-scores.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'
import type { Sight, Words } from '../core/sight.ts'
import { FULL_HOME, HOME, OVER_CAP } from '../core/sight.ts'

export interface BoundedLoadOptions {
  readonly over: 'ring' | 'rendezvous'
  readonly factor: number
  readonly cap: 'strict' | 'loose'
}

const WORDS: Words = {
  strategy: 'bounded_load',
  score: 'requests in flight / its cap, which is reached at 1',
  best: 'drawn',
  ties: 'the home of the key if it is below its cap, else the next in the order of the key that is',
  facts: ['requests in flight at all, with this one'],
}

/**
 * Sends a key to its own server as long as that has room, else to the next in the key's order of preference: a hot key
 * cannot bury a server.
 *
 * Mirrokni, Thorup and Zadimoghaddam, "Consistent Hashing with Bounded Loads", SODA 2018 (arXiv 1608.01350). With A
 * requests in flight, a server of weight w out of W may have max(1, ceil(c·(A + 1)·w / W)) of them: its share, times a
 * factor c, the request to come included. Strict, as in HAProxy (`hash-balance-factor`), that holds with the new request;
 * loose, as in Envoy, a server that is just at its cap still gets one more. c = 1 spreads like least connections, a large c
 * like plain hashing; the default of 1.25 leaves a quarter of room. The cap is one at the moment of the pick: when others
 * finish, A falls, and a server can be above what would be its cap now.
 *
 * On a ring whoever follows a full server inherits all that is turned away there, fills up, and passes both on: a cascade.
 * Chen, Coleman and Shrivastava, "Revisiting Consistent Hashing with Bounded Loads", AAAI 2021 (arXiv 1908.08762). By
 * rendezvous each key has an order of its own, so what is turned away spreads over all; Envoy shuffles by the key for the
 * same reason.
 *
 * A pick adds up every server's load and seeks as `ring_hash` or `rendezvous` do; if the key's own server is full, it
 * compares every load with its cap and seeks again, on a ring with a step more for each point of a full server. Memory:
 * theirs.
 */
export class BoundedLoad implements Strategy {
  readonly name = 'bounded_load'
  private readonly table: HashRing | HashScores
  private readonly factor: number
  /** How many above its cap a server may be after the pick. */
  private readonly slack: number
  private readonly inflights: Int32Array
  /** By slot: 1 for a server without room. What one pick writes the next one overwrites. */
  private readonly full: Uint8Array
  /** The slot and the weight of each server, and the sum of all weights. */
  private slots = new Int32Array(0)
  private weights = new Float64Array(0)
  private weight = 0
  private servers: readonly Endpoint[] = []

  constructor({ inflights, memory }: StrategyContext, options: BoundedLoadOptions) {
    this.table = options.over === 'ring' ? new HashRing() : new HashScores()
    this.factor = options.factor
    this.slack = options.cap === 'strict' ? 0 : 1
    this.inflights = inflights
    this.full = new Uint8Array(memory.slots)
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
    this.slots = slotsOf(servers)
    this.weights = weightsOf(servers)
    this.weight = this.weights.reduce((sum, weight) => sum + weight, 0)
    this.table.update(servers)
  }

  pick(key: number): Endpoint {
    const { factor, full, inflights, slack, slots, table, weight, weights } = this
    let total = 1 // The one to come.
    for (let i = 0; i < slots.length; i++) total += inflights[slots[i]]
    const home = table.find(key)!
    // Room is load + 1 <= max(1, ceil(share)). A load is a whole number and a share above 0: that is load < share.
    if (inflights[home.slot] - slack < (factor * total * home.weight) / weight) return home
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]
      full[slot] = inflights[slot] - slack < (factor * total * weights[i]) / weight ? 0 : 1
    }
    // Somebody has room: the shares add up to c·(A + 1), so their ceilings to A + 1 at least, and all loads to A only.
    // (Rounding cannot spoil it: a sum of ceilings is whole, and more than A as long as the error is below 1.) Only another
    // thread can fill the last place between our two looks; then the key stays at home.
    return table.find(key, full) ?? home
  }

  explain(sight: Sight, key: number): void {
    const { factor, full, inflights, slack, slots, table, weight, weights } = this
    sight.words = WORDS
    if (sight.brief) return
    let total = 1
    for (let i = 0; i < slots.length; i++) total += inflights[slots[i]]
    const home = table.find(key)!
    sight.facts[0] = total
    const homeShare = (factor * total * home.weight) / weight
    const atHome = inflights[home.slot] - slack < homeShare
    for (let i = 0; i < slots.length; i++) {
      const share = (factor * total * weights[i]) / weight
      full[slots[i]] = inflights[slots[i]] - slack < share ? 0 : 1
    }
    sight.expected = (atHome ? home : (table.find(key, full) ?? home)).slot
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]
      sight.see(this.servers[i], full[slot] === 0 ? 0 : OVER_CAP)
      const cap = Math.max(1, Math.ceil((factor * total * weights[i]) / weight)) + slack
      sight.score[slot] = inflights[slot] / cap
    }
    sight.see(home, atHome ? HOME : FULL_HOME)
    sight.score[home.slot] = inflights[home.slot] / (Math.max(1, Math.ceil(homeShare)) + slack)
  }

  settled(): void {}
}
