import type { Endpoint } from '../core/endpoint.ts'
import { mix32 } from '../core/hash.ts'
import { maglevTable } from '../core/maglev-table.ts'
import { byId, serverHash } from '../core/server-hash.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'
import type { Sight, Words } from '../core/sight.ts'

export interface MaglevOptions {
  readonly size: number
}

/** So many times a key that meets somebody who is away looks on in the table; then it goes through the list. */
const LOOKS = 512

/** Added before a hash is mixed again, so that no hash stays what it is. */
const STEP = 0x9e3779b9 | 0

const WORDS: Words = {
  strategy: 'maglev',
  score: 'how many looks into the table it took',
  best: 'lowest',
  ties: "each slot of the table is one server's",
  facts: ['slot of the table for the key', 'looks that met somebody who is away'],
}

/**
 * Looks a key up in a table, so that the same key meets the same server; the table is filled by the servers in turn, each
 * choosing its favourite slots.
 *
 * Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer", NSDI 2016. It buys evenness and speed for
 * a little disruption: with equal weights no server has more than one slot more than another, where a ring is off by
 * several per cent; but when a server is added or removed a few keys of others move as well: 0.3 % besides the 9.1 % that
 * are due from 10 servers to 11, and 0.6 % besides 0.1 % from 1,000. Weights and the prime size of 65,537 are as in Envoy;
 * the paper advises more than 100 slots a server. Turns are taken in order of id, so that proxies which discover the same
 * servers in another order make the same table. IPVS (`mh`) and Cilium have tables of the kind too. Weights count relative
 * to the heaviest: scaling all changes nothing.
 *
 * The paper fills a table for those who are up. But a table takes a millisecond or more, and a server at its limit of requests
 * leaves and comes back all the time. So here one that goes away keeps its slots, and a key that meets it is hashed again,
 * until it meets somebody who is there: exactly the keys of who is away move, each server there gets its share of them by
 * its slots, up to chance, and when it is back they return, exactly.
 *
 * The table is filled anew when a server comes that it does not have, when a weight changes and when a server is removed
 * from the pool. It is then for those who are there, and for those away that were there at some time since it was last
 * filled: who has been away for longer is let go. So the mapping follows from two things, and not from the order of
 * events: whom the table is for, and who of them is away. Of the first a proxy that began while a server was ill knows less
 * than one that saw it well, and one that had to use its backups more: they send some keys elsewhere until the server is
 * back, or until the tables are filled again.
 *
 * A pick is one look, with half of the servers away two on average. Memory: 4 bytes a slot.
 */
export class Maglev implements Strategy {
  readonly name = 'maglev'
  private readonly size: number
  private table = new Int32Array(0)
  /** Whom the table is for, in order of id: what its numbers mean. */
  private members: Endpoint[] = []
  /** The place of each id in `members`. */
  private readonly known = new Map<string, number>()
  /** By place: the weight in the table; 1 for who is there; 1 for who was there at some time since it was filled. */
  private weights = new Float64Array(0)
  private live = new Uint8Array(0)
  private seen = new Uint8Array(0)

  constructor(_: StrategyContext, { size }: MaglevOptions) {
    this.size = size
  }

  update(servers: readonly Endpoint[]): void {
    if (!this.reuse(servers)) this.fill(servers)
  }

  pick(key: number): Endpoint {
    const { live, members, size, table } = this
    let hash = mix32(key)
    for (let left = LOOKS; left > 0; left--) {
      const owner = table[(hash >>> 0) % size]
      if (live[owner] === 1) return members[owner]
      hash = mix32(hash + STEP)
    }
    // Nearly all are away, or too light to have a slot at all.
    let owner = (hash >>> 0) % members.length
    while (live[owner] === 0) owner = (owner + 1) % members.length
    return members[owner]
  }

  explain(sight: Sight, key: number): void {
    const { live, members, size, table } = this
    let hash = mix32(key)
    sight.words = WORDS
    sight.facts[0] = (hash >>> 0) % size
    for (let looks = 0; looks < LOOKS; looks++) {
      const owner = table[(hash >>> 0) % size]
      if (live[owner] === 1) return this.saw(sight, owner, looks)
      hash = mix32(hash + STEP)
    }
    let owner = (hash >>> 0) % members.length
    while (live[owner] === 0) owner = (owner + 1) % members.length
    this.saw(sight, owner, LOOKS)
  }

  private saw(sight: Sight, owner: number, missed: number): void {
    const server = this.members[owner]
    sight.facts[1] = missed
    sight.see(server)
    sight.score[server.slot] = missed + 1
    sight.expected = server.slot
  }

  settled(): void {}

  /** Whether the table is still right for these and for those of its servers that are away; notes who is there. */
  private reuse(servers: readonly Endpoint[]): boolean {
    const { known, live, members, seen, weights } = this
    live.fill(0)
    for (const server of servers) {
      const member = known.get(server.id)
      if (member === undefined) return false
      live[member] = 1
      seen[member] = 1
      members[member] = server // Somebody else with the same name has the same slots.
    }
    return members.every(({ removed, weight }, i) => !removed && weight === weights[i])
  }

  private fill(servers: readonly Endpoint[]): void {
    const { known, seen, size } = this
    const here = new Set(servers.map(({ id }) => id))
    const away = this.members.filter(
      ({ id, removed, weight }, i) => seen[i] === 1 && !here.has(id) && !removed && weight > 0,
    )
    const members = byId([...servers, ...away])
    this.members = members
    this.weights = Float64Array.from(members, ({ weight }) => weight)
    this.live = Uint8Array.from(members, ({ id }) => (here.has(id) ? 1 : 0))
    this.seen = this.live.slice()
    known.clear()
    members.forEach(({ id }, i) => known.set(id, i))
    const preferences = members.map(({ id, weight }) => {
      const [first, second] = serverHash(id)
      return { offset: (first >>> 0) % size, skip: ((second >>> 0) % (size - 1)) + 1, weight }
    })
    this.table = maglevTable(size, preferences)
  }
}
