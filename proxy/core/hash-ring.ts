import type { Endpoint } from './endpoint.ts'
import { mix32 } from './hash.ts'
import type { Sight } from './sight.ts'
import { byId, serverHash } from './server-hash.ts'
import { sortedOrder } from './sorted-order.ts'

/**
 * The most points of one server: with 160 a unit that is reached at a weight of 102. What is heavier counts as much as
 * that; who needs larger weights takes fewer points a unit.
 */
export const MOST_POINTS = 2 ** 14

/** So many points are looked at to say who would be next. */
const MOST_STEPS = 64

/**
 * A circle of 32-bit numbers with some points for each server; a key belongs to the first point that follows it.
 *
 * A server's points depend on its id and its weight alone: its i-th point is the same whoever else there is, and more
 * weight adds points without moving any. Points that fall together are all kept, the smaller id first. So when a server
 * leaves, only its keys move, and when one comes, or gets more weight, keys move only to it: exactly, not nearly.
 *
 * A server that goes away, or gets lighter, keeps its points; they are only passed over, which comes to the same thing as
 * if they were not there. So a change of health costs a look at each server and no sorting, and so does a slow start, since
 * a server's full weight is what it has points for. The ring is made anew when points are needed that it does not have, and
 * then forgets who is away.
 */
export class HashRing {
  private readonly perUnit: number
  /** Where each server of the ring is in `members`. */
  private readonly known = new Map<string, number>()
  /** In order of id. */
  private members: Endpoint[] = []
  /** How many points of each member the ring has, and how many of them count: 0 while it is away. */
  private made = new Int32Array(0)
  private live = new Int32Array(0)
  /** The points, in order: where each is, whose, and which of its owner's. */
  private points = new Int32Array(0)
  private owners = new Int32Array(0)
  private ordinals = new Int32Array(0)

  /** `perUnit`: how many points a server of weight 1 has. */
  constructor(perUnit = 160) {
    this.perUnit = perUnit
  }

  update(servers: readonly Endpoint[]): void {
    if (!this.reuse(servers)) this.build(byId(servers))
  }

  /** Hot: whose the key is; if `full` is given, the first clockwise whose slot is 0 there, or undefined if there is none. */
  find(key: number, full?: Uint8Array): Endpoint | undefined {
    const { live, members, ordinals, owners, points } = this
    let at = this.first(mix32(key))
    for (let left = points.length; left > 0; left--) {
      if (at === points.length) at = 0
      const owner = owners[at]
      if (ordinals[at] < live[owner]) {
        const server = members[owner]
        if (full === undefined || full[server.slot] === 0) return server
      }
      at++
    }
    return undefined
  }

  /** Whose the key is and who would be next, with how far each is as a part of the circle. */
  explain(sight: Sight, key: number): void {
    const { live, members, ordinals, owners, points } = this
    const home = this.find(key)!
    const hash = mix32(key)
    let at = this.first(hash)
    let away = 0
    sight.facts[0] = (hash + 2 ** 31) / 2 ** 32
    sight.expected = home.slot
    for (let left = points.length; left > 0 && sight.count < 2; left--) {
      if (at === points.length) at = 0
      const server = members[owners[at]]
      if (ordinals[at] >= live[owners[at]]) {
        if (sight.count === 0) away++
      } else if (sight.count === 0 || server !== home) {
        sight.see(server)
        sight.score[server.slot] = ((points[at] - hash) >>> 0) / 2 ** 32
      }
      if (sight.count > 0 && points.length - left > away + MOST_STEPS) break
      at++
    }
    sight.facts[1] = away
  }

  /** Where the first point is that is not before this hash. */
  private first(hash: number): number {
    const { points } = this
    let at = 0
    let end = points.length
    while (at < end) {
      const middle = (at + end) >>> 1
      if (points[middle] < hash) at = middle + 1
      else end = middle
    }
    return at
  }

  /** Whether the ring has all the points that these servers need; then only those count. */
  private reuse(servers: readonly Endpoint[]): boolean {
    const { known, live, made, members } = this
    live.fill(0)
    for (const server of servers) {
      const member = known.get(server.id)
      if (member === undefined) return false
      const count = this.countFor(server.weight)
      if (count > made[member]) return false
      live[member] = count
      members[member] = server // Somebody else with the same name has the same points.
    }
    return true
  }

  private build(members: Endpoint[]): void {
    this.members = members
    this.live = Int32Array.from(members, ({ weight }) => this.countFor(weight))
    this.made = Int32Array.from(members, ({ weight, configuredWeight }) =>
      this.countFor(Math.max(weight, configuredWeight)),
    )
    this.known.clear()
    const total = this.made.reduce((sum, count) => sum + count, 0)
    const points = new Int32Array(total)
    const owners = new Int32Array(total)
    const ordinals = new Int32Array(total)
    let at = 0
    for (let owner = 0; owner < members.length; owner++) {
      const { id } = members[owner]
      this.known.set(id, owner)
      const [first, second] = serverHash(id)
      for (let i = 0; i < this.made[owner]; i++, at++) {
        points[at] = mix32(first + i) ^ second
        owners[at] = owner
        ordinals[at] = i
      }
    }
    const order = sortedOrder(points) // Of equals the first stays first: the smaller id.
    this.points = order.map((from) => points[from])
    this.owners = order.map((from) => owners[from])
    this.ordinals = order.map((from) => ordinals[from])
  }

  /** At least one, or the server would get nothing. */
  private countFor(weight: number): number {
    return Math.min(Math.max(Math.round(weight * this.perUnit), 1), MOST_POINTS)
  }
}
