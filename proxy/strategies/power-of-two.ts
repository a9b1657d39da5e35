import { places } from '../core/by-place.ts'
import type { Endpoint } from '../core/endpoint.ts'
import { choice, flag, type ValuesOf, whole } from '../core/options.ts'
import { GRAIN, type Rng } from '../core/rng.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'
import type { Sight, Words } from '../core/sight.ts'
import { DRAWN } from '../core/sight.ts'

const MOST_CHOICES = 16

export const POWER_OF_TWO_OPTIONS = {
  choices: whole(1, MOST_CHOICES, 2, 'how many servers to look at'),
  replacement: flag(false, 'the same server may be drawn more than once, as in Envoy'),
  draw: choice(
    ['uniform', 'weight'],
    'uniform',
    'whether all servers are as likely to be looked at, or in proportion to weight, as in nginx',
  ),
}

const WORDS: Words = {
  strategy: 'power_of_two',
  score: 'requests in flight / weight, of those that were drawn',
  best: 'lowest',
  ties: 'the one that was drawn first',
}

/**
 * Looks at two servers chosen at random and takes the less busy.
 *
 * Of n balls thrown into n bins at random the fullest bin gets about log n / log log n; if each goes into the less full of d drawn at
 * random, log log n / log d: Azar, Broder, Karlin and Upfal, "Balanced Allocations", STOC 1994. Of very many servers at load
 * ρ with one look a part of ρ^k has k requests or more, with d looks ρ^((d^k - 1) / (d - 1)), which falls doubly exponentially (for
 * Poisson arrivals and exponential times): Vvedenskaya, Dobrushin and Karpelevich, "Queueing system with selection of the shortest of
 * two queues: an asymptotic approach", Problems of Information Transmission 32(1), 1996; Mitzenmacher, "The Power of Two
 * Choices in Randomized Load Balancing", IEEE TPDS 12(10), 2001. The second look gains most, the third little.
 *
 * One look is `random`, and as many `choices` as there are servers are `least_connections`. In between lies what neither has: no
 * server, however good it looks, gets more than d/n of the picks, so one that fails at once cannot swallow the traffic.
 *
 * The d drawn are distinct, as in Finagle, linkerd and nginx: of n servers that differ in load, the r-th least busy gets
 * C(n-r, d-1) / C(n, d) of the picks, and the d - 1 busiest get none. With `replacement`, as in Envoy and HAProxy, it gets
 * ((n-r+1)^d - (n-r)^d) / n^d, so that even the busiest gets 1/n^d. A tie goes to the first drawn (so in Envoy; the last in
 * Finagle and nginx): all are equally likely.
 *
 * Busy always means for the weight. Weight acts there alone by default, so in an idle pool, where all tie, heavy and light get
 * the same. With `draw: weight`, as in nginx's `random two least_conn`, it acts on the draw too: a light server is drawn less
 * often, and an overloaded pair of light ones is rare. (Where speeds differ, uniform draws can overload slow servers at any d:
 * Mukhopadhyay and Mazumdar, "Analysis of Randomized Join-the-Shortest-Queue Schemes in Large Heterogeneous Processor-Sharing
 * Systems", IEEE TCNS 3(2), 2016.) Distinct draws cannot be in exact proportion: of weights 1, 1, 1/2 the last is looked at .61
 * times as often as the others; with `replacement` they can.
 *
 * A pick costs a random number a look; drawn by weight, and a binary search. No memory.
 */
export class PowerOfTwo implements Strategy {
  readonly name = 'power_of_two'
  private readonly inflights: Int32Array
  private readonly rng: Rng
  private readonly choices: number
  private readonly replacement: boolean
  private readonly byWeight: boolean
  /** Two distinct ones of equal chance. */
  private readonly plain: boolean
  private servers: readonly Endpoint[] = []
  /** Where each place's part of the draw begins, and the end of the last. Whole numbers, so that nothing is rounded in a pick. */
  private starts: Int32Array = new Int32Array(1)
  /** Places drawn in this pick, ascending. */
  private readonly drawn = new Int32Array(MOST_CHOICES)

  constructor(
    { inflights, rng }: StrategyContext,
    { choices, draw, replacement }: ValuesOf<typeof POWER_OF_TWO_OPTIONS>,
  ) {
    this.inflights = inflights
    this.rng = rng
    this.choices = choices
    this.replacement = replacement
    this.byWeight = draw === 'weight'
    this.plain = choices === 2 && !replacement && !this.byWeight
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
    this.starts = this.byWeight ? startsOf(servers) : places(servers.length + 1)
  }

  pick(): Endpoint {
    if (!this.plain) return this.choose(this.rng)
    const { inflights, rng, servers } = this
    const a = rng.int(servers.length)
    const b = rng.other(servers.length, a) // Two distinct servers, every pair equally likely.
    const first = servers[a]
    const second = servers[b]
    // Cross-multiplied, so weights need no division. A tie goes to the first, itself random.
    return inflights[second.slot] * first.weight < inflights[first.slot] * second.weight
      ? second
      : first
  }

  explain(sight: Sight): void {
    sight.words = WORDS
    sight.expected = this.choose(this.rng.ahead(), sight).slot
  }

  settled(): void {}

  private choose(rng: Rng, sight?: Sight): Endpoint {
    const { choices, inflights, replacement, servers, starts } = this
    const n = servers.length
    const looks = replacement || choices < n ? choices : n
    let rest = starts[n]
    let best: Endpoint | undefined
    for (let count = 0; count < looks; count++) {
      const i = replacement ? this.find(rng.int(rest)) : this.drawOther(rng, count, rest)
      if (!replacement) rest -= starts[i + 1] - starts[i]
      const server = servers[i]
      if (sight !== undefined) {
        sight.see(server, DRAWN)
        sight.score[server.slot] = inflights[server.slot] / server.weight
      }
      if (
        best === undefined ||
        inflights[server.slot] * best.weight < inflights[best.slot] * server.weight
      )
        best = server
    }
    return best!
  }

  /** A place that is not among the `count` drawn before; `rest` is what they leave of the whole. */
  private drawOther(rng: Rng, count: number, rest: number): number {
    const { drawn, starts } = this
    let point = rng.int(rest)
    let at = 0
    // Step over each, as in the draw of two, in their order: so no draw is ever thrown away.
    for (; at < count && point >= starts[drawn[at]]; at++) {
      point += starts[drawn[at] + 1] - starts[drawn[at]]
    }
    const i = this.find(point)
    for (let j = count; j > at; j--) drawn[j] = drawn[j - 1]
    drawn[at] = i
    return i
  }

  /** The place whose part of the draw this point is in. */
  private find(point: number): number {
    if (!this.byWeight) return point
    const { starts } = this
    let low = 0
    let high = starts.length - 1
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (starts[middle] <= point) low = middle
      else high = middle
    }
    return low
  }
}

/** Parts in proportion to weight, at least 1, of about 2^29: never rounded by more than two in a thousand million. */
function startsOf(servers: readonly Endpoint[]): Int32Array {
  let total = 0
  for (const { weight } of servers) total += weight
  const starts = new Int32Array(servers.length + 1)
  servers.forEach(({ weight }, i) => {
    starts[i + 1] = starts[i] + Math.max(1, Math.floor((weight / total) * (GRAIN / 2)))
  })
  return starts
}
