import { GRAIN, type Rng } from './rng.ts'

/**
 * Finds the least busy of many servers without looking at each: a tournament, in which every node knows the least load below
 * it (Donald Knuth, "The Art of Computer Programming" 3, 2nd edition, section 5.2.3). Node i is above 2i and 2i + 1; node 1 is the root.
 *
 * When a load changes its matches are played anew, from its leaf up as far as anything changes: log n of them at most. Those who
 * tie are drawn by weight on the way down, since each node also knows what its least busy weigh together.
 *
 * It has to be told of every load that may have become less (`look`). One that has grown unnoticed is found out before its server is
 * taken for the least; that costs a match or two, and another draw if there was a tie, but nobody busier is taken.
 */
export class LoadTree {
  /** The last find was a tie. */
  tie = false
  private readonly inflights: Int32Array
  private readonly rng: Rng
  private readonly takesFirst: boolean
  /** By slot. Those who are not in the list have the first one's place: to look at him does no harm. */
  private readonly places: Int32Array
  /** By place in the list. */
  private slots = new Int32Array(0)
  private weights = new Float64Array(0)
  /** How many there are: a power of two. They are the last nodes. */
  private leaves = 1
  /** By node: the fewest requests in flight for the weight, and the weight of all who have so few. */
  private readonly least: Float64Array
  private readonly tied: Float64Array

  /** `takesFirst`: of those who tie, instead of drawing one. */
  constructor(inflights: Int32Array, rng: Rng, takesFirst: boolean) {
    this.inflights = inflights
    this.rng = rng
    this.takesFirst = takesFirst
    this.places = new Int32Array(inflights.length)
    // Once and for all: the eligible set can change at every request.
    const nodes = 2 * leavesFor(inflights.length)
    this.least = new Float64Array(nodes)
    this.tied = new Float64Array(nodes)
  }

  /** These servers: their slots and weights, by place in the list. */
  update(slots: Int32Array<ArrayBuffer>, weights: Float64Array<ArrayBuffer>): void {
    const { inflights, least, places, tied } = this
    const n = slots.length
    const leaves = leavesFor(n)
    this.slots = slots
    this.weights = weights
    this.leaves = leaves
    places.fill(0)
    for (let place = 0; place < n; place++) {
      const slot = slots[place]
      places[slot] = place
      least[leaves + place] = inflights[slot] / weights[place]
      tied[leaves + place] = weights[place]
    }
    least.fill(Infinity, leaves + n, 2 * leaves) // Nobody's.
    for (let node = leaves - 1; node > 0; node--) this.play(node)
  }

  /** Hot: the load of the server in this slot may have changed. */
  look(slot: number): void {
    this.check(this.places[slot])
  }

  /** Hot: the place of the least busy; drawn by weight if several tie. */
  find(): number {
    const { least, leaves, rng, takesFirst, tied } = this
    for (;;) {
      let node = 1
      let point = -1
      while (node < leaves) {
        node *= 2
        if (least[node] < least[node + 1]) continue
        if (least[node] > least[node + 1]) node++
        else if (!takesFirst) {
          if (point < 0) point = (rng.int(GRAIN) / GRAIN) * tied[node >> 1] // All who tie are below this one.
          if (point < tied[node]) continue
          point -= tied[node]
          node++
        }
      }
      this.tie = point >= 0
      if (!this.check(node - leaves)) return node - leaves
    }
  }

  /** Hot: the load of the server at this place may have changed. True: it has. */
  check(place: number): boolean {
    const { inflights, least, leaves, slots, weights } = this
    const load = inflights[slots[place]] / weights[place]
    let node = leaves + place
    if (least[node] === load) return false
    least[node] = load
    do node >>= 1
    while (node > 0 && this.play(node))
    return true
  }

  /** One match. False: it ended as the last time. */
  private play(node: number): boolean {
    const { least, tied } = this
    const left = 2 * node
    const right = left + 1
    const winner = least[left] <= least[right] ? left : right
    const weight = least[left] === least[right] ? tied[left] + tied[right] : tied[winner]
    if (least[node] === least[winner] && tied[node] === weight) return false
    least[node] = least[winner]
    tied[node] = weight
    return true
  }
}

function leavesFor(count: number): number {
  return count <= 1 ? 1 : 1 << (32 - Math.clz32(count - 1))
}
