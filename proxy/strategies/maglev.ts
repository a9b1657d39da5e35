import type { Endpoint } from '../core/endpoint.ts'
import { mix32 } from '../core/hash.ts'
import { maglevTable } from '../core/maglev-table.ts'
import { byId, serverHash } from '../core/server-hash.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'

export interface MaglevOptions {
  readonly size: number
}

/** How many tables are kept: for one server that comes and goes two are enough, and for two servers four. */
const KEPT = 4

/** A table, and whom it was made for. */
interface Made {
  readonly servers: string
  readonly table: Int32Array<ArrayBuffer>
}

/**
 * Looks a key up in a table, so that the same key meets the same server; the table is filled by the servers in turn, each
 * choosing its favourite slots.
 *
 * Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer", NSDI 2016. It buys evenness and speed for
 * a little disruption: with equal weights no server has more than one slot more than another, where a ring is off by
 * several per cent; but when a server comes or goes a few keys of others move as well: 0.3 % besides the 9.1 % that are due
 * from 10 servers to 11, and 0.6 % besides 0.1 % from 1,000. Weights and the prime size of 65,537 are as in Envoy; the
 * paper advises more than 100 slots a server. Turns are taken in order of id, so that proxies which discover the same
 * servers in another order make the same table. IPVS (`mh`) and Cilium have tables of the kind too. Weights count relative
 * to the heaviest: scaling all changes nothing.
 *
 * A pick is one look. Memory: 4 bytes a slot, for each of the last four sets of servers: a server at its limit of requests
 * leaves and comes back all the time, and a table takes milliseconds to fill.
 */
export class Maglev implements Strategy {
  readonly name = 'maglev'
  private readonly size: number
  /** The latest first. */
  private readonly made: Made[] = []
  /** In order of id: what the table's numbers mean. */
  private servers: readonly Endpoint[] = []
  private table = new Int32Array(0)

  constructor(_: StrategyContext, { size }: MaglevOptions) {
    this.size = size
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = byId(servers)
    const names = JSON.stringify(this.servers.map(({ id, weight }) => [id, weight]))
    const index = this.made.findIndex((made) => made.servers === names)
    const [made] = index < 0 ? [{ servers: names, table: this.fill() }] : this.made.splice(index, 1)
    this.made.unshift(made)
    this.made.splice(KEPT)
    this.table = made.table
  }

  pick(key: number): Endpoint {
    const { servers, size, table } = this
    return servers[table[(mix32(key) >>> 0) % size]]
  }

  settled(): void {}

  private fill(): Int32Array<ArrayBuffer> {
    const { servers, size } = this
    const preferences = servers.map(({ id, weight }) => {
      const [first, second] = serverHash(id)
      return { offset: (first >>> 0) % size, skip: ((second >>> 0) % (size - 1)) + 1, weight }
    })
    return maglevTable(size, preferences)
  }
}
