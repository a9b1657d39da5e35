import { slotsOf, weightsOf } from '../core/by-place.ts'
import type { Endpoint } from '../core/endpoint.ts'
import { LoadTree } from '../core/load-tree.ts'
import type { Lock } from '../core/lock.ts'
import { choice, type ValuesOf } from '../core/options.ts'
import { GRAIN, type Rng } from '../core/rng.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'
import type { Sight, Words } from '../core/sight.ts'
import { TIED } from '../core/sight.ts'

export const LEAST_CONNECTIONS_OPTIONS = {
  ties: choice(
    ['random', 'first', 'turn'],
    'random',
    'who is taken of equally busy servers: one at random by weight, the first of the list, or each in turn by weight',
  ),
}

/** How often to draw before looking at everybody. */
const TRIES = 3
/** From so many servers on a tree is quicker than a look at each. */
const MANY = 64
/** To grow one costs as much as so many looks: no sooner, since with limits the set can change at every other request. */
const LOOKS = 5
/** A little more than 1, so that rounding a quotient hides nobody who ties. */
const ABOVE = 1 + 2 ** -40

const WORDS = {
  strategy: 'least_connections',
  score: 'requests in flight / weight',
  best: 'lowest',
} as const
const TIES: Readonly<Record<'random' | 'first' | 'turn', Words>> = {
  random: { ...WORDS, ties: 'one of them at random, by weight' },
  first: { ...WORDS, ties: 'the first of the list' },
  turn: { ...WORDS, ties: 'each in turn, by weight' },
}

/**
 * Takes the server with the fewest requests in flight for its weight.
 *
 * The rule of nginx's least_conn and of the Linux Virtual Server's weighted least-connection scheduling (Wensong Zhang,
 * "Linux Virtual Server for Scalable Network Services", Ottawa Linux Symposium, 2000). HAProxy counts the request to come as
 * well, (a + 1) / w, but puts idle servers first; Envoy with unequal weights does something else (deadlines that the load
 * stretches).
 *
 * Systems differ most in ties, and in a pool with little to do nearly every pick is one. `random`, the default, draws one of
 * the tied in proportion to weight; Envoy and HAProxy draw too. `first` is LVS: an idle pool gives everything to one server, and
 * many proxies agree on which. `turn` is nginx: smooth weighted round robin (smooth-weighted.ts) among the tied, who alone
 * are credited; evener than chance, but proxies that start together can fall into step.
 *
 * A pick costs one random number if there is a tie; where many are idle, mostly that alone. Else it looks at every server, a
 * nanosecond or two each. Among many a tree finds the least sooner (../core/load-tree.ts), though every request moves a server
 * twice in it; but not where threads balance together, who would have to wait for each other, nor with `turn`, which credits
 * all who tie. The picks are the same. No memory of its own but the tree, and with `turn` a credit a server.
 */
export class LeastConnections implements Strategy {
  readonly name = 'least_connections'
  private readonly inflights: Int32Array
  private readonly rng: Rng
  private readonly lock: Lock
  private readonly words: Words
  private readonly takesFirst: boolean
  /** By slot, for `turn`: how far a server is behind its due among the tied. */
  private readonly credit: Float64Array | undefined
  /** Only where nobody changes a load without a word, and where who ties need not be counted. */
  private readonly tree: LoadTree | undefined
  /** It has grown since the set changed. */
  private climbs = false
  /** How many looks are left until it pays; 0: it never does, or has grown. */
  private looks = 0
  /** The place that was picked last: its load has changed since. */
  private last = 0
  private servers: readonly Endpoint[] = []
  /** By place in the list. */
  private slots = new Int32Array(0)
  private weights = new Float64Array(0)
  /** What all up to this place weigh together. */
  private sums = new Float64Array(0)
  /** The last look found idle servers, so it is likely that a draw does. Only for `random`. */
  private calm = false
  /** Places of those who tie with the best so far, and what they weigh together up to each. */
  private tied = new Int32Array(0)
  private reach = new Float64Array(0)

  constructor(
    { inflights, memory, rng }: StrategyContext,
    { ties }: ValuesOf<typeof LEAST_CONNECTIONS_OPTIONS>,
  ) {
    this.inflights = inflights
    this.rng = rng
    this.lock = memory.lock
    this.words = TIES[ties]
    this.takesFirst = ties === 'first'
    this.credit = ties === 'turn' ? memory.floatPerSlot() : undefined
    this.tree =
      memory.shared || ties === 'turn' ? undefined : new LoadTree(inflights, rng, this.takesFirst)
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
    this.slots = slotsOf(servers)
    this.weights = weightsOf(servers)
    this.sums = new Float64Array(servers.length)
    let total = 0
    for (let i = 0; i < servers.length; i++) this.sums[i] = total += servers[i].weight
    this.tied = new Int32Array(servers.length)
    this.reach = new Float64Array(servers.length)
    this.calm = false // Of others, perhaps.
    this.last = 0
    this.climbs = false
    this.looks = this.tree !== undefined && servers.length >= MANY ? LOOKS : 0
  }

  pick(): Endpoint {
    const { inflights, servers, slots, sums } = this
    if (this.climbs) this.tree!.check(this.last)
    else if (this.looks > 0 && --this.looks === 0) this.grow()
    // Nobody is less busy than idle. So if a server drawn from all is idle, that is the draw among the tied, without a look
    // at the others; and if not, nothing was lost but the draw.
    for (let tries = 0; this.calm && tries < TRIES; tries++) {
      const place = this.draw(this.rng, sums, servers.length)
      if (inflights[slots[place]] === 0) return servers[(this.last = place)]
    }
    const place = this.climbs ? this.climb() : this.scan()
    this.last = place
    return servers[place]
  }

  explain(sight: Sight): void {
    const { inflights, servers, slots, sums, weights } = this
    sight.words = this.words
    if (sight.brief) return
    for (let i = 0; i < servers.length; i++) {
      sight.see(servers[i])
      sight.score[slots[i]] = inflights[slots[i]] / weights[i]
    }
    const dice = this.rng.ahead()
    let place = -1
    for (let tries = 0; this.calm && place < 0 && tries < TRIES; tries++) {
      const drawn = this.draw(dice, sums, servers.length)
      if (inflights[slots[drawn]] === 0) place = drawn
    }
    const count = this.find()
    const one = this.oneOf(count, dice)
    sight.expected = slots[place < 0 ? one : place]
    sight.markTied(servers[this.tied[0]], TIED)
  }

  settled(server: Endpoint): void {
    if (this.climbs) this.tree!.look(server.slot)
  }

  private grow(): void {
    this.tree!.update(this.slots, this.weights)
    this.climbs = true
  }

  private climb(): number {
    const place = this.tree!.find()
    this.calm = this.tree!.tie && this.inflights[this.slots[place]] === 0
    return place
  }

  private scan(): number {
    const { credit, inflights, reach, slots, tied } = this
    const count = this.find()
    this.calm = false
    if (count === 1 || this.takesFirst) return tied[0]
    if (credit !== undefined) return this.takeTurn(count, credit)
    this.calm = inflights[slots[tied[0]]] === 0
    return tied[this.draw(this.rng, reach, count)]
  }

  /** Writes the places of the least busy into `tied`, and says how many they are. */
  private find(): number {
    const { inflights, reach, slots, tied, weights } = this
    const n = this.servers.length // An array's length: the engine is quicker with it than with a typed array's.
    let least = inflights[slots[0]]
    let weight = weights[0]
    let roof = (least / weight) * ABOVE
    let total = weight
    let count = 1
    tied[0] = 0
    reach[0] = total
    for (let i = 1; i < n; i++) {
      const load = inflights[slots[i]]
      if (load > roof * weights[i]) continue // Nearly everybody: one multiplication each.
      // Cross-multiplied, so that nothing is rounded where weights are whole numbers.
      const difference = load * weight - least * weights[i]
      if (difference > 0) continue
      if (difference < 0) {
        least = load
        weight = weights[i]
        roof = (least / weight) * ABOVE
        total = 0
        count = 0
      }
      total += weights[i]
      reach[count] = total
      tied[count++] = i
    }
    return count
  }

  /** For `explain`: who of those in `tied` it will be. */
  private oneOf(count: number, dice: Rng): number {
    const { credit, reach, slots, tied, weights } = this
    if (count === 1 || this.takesFirst) return tied[0]
    if (credit === undefined) return tied[this.draw(dice, reach, count)]
    let best = tied[0]
    for (let k = 1; k < count; k++) {
      const i = tied[k]
      if (credit[slots[i]] + weights[i] > credit[slots[best]] + weights[best]) best = i
    }
    return best
  }

  /** A place of the first `count`, drawn in proportion to weight; `sums` holds what they weigh together up to each. */
  private draw(rng: Rng, sums: Float64Array, count: number): number {
    const point = (rng.int(GRAIN) / GRAIN) * sums[count - 1]
    let low = 0
    let high = count - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle] > point) high = middle
      else low = middle + 1
    }
    return low
  }

  /** The richest of the tied, once each is credited its weight; it pays for all. */
  private takeTurn(count: number, credit: Float64Array): number {
    const { lock, slots, tied, weights } = this
    let total = 0
    let most = -Infinity
    let best = tied[0]
    lock.enter()
    for (let k = 0; k < count; k++) {
      const i = tied[k]
      const now = (credit[slots[i]] += weights[i])
      total += weights[i]
      if (now > most) {
        most = now
        best = i
      }
    }
    credit[slots[best]] -= total
    lock.leave()
    return best
  }
}
