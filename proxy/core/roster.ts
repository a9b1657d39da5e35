import type { Endpoint } from './endpoint.ts'
import type { InFlight } from './in-flight.ts'
import type { Memory } from './memory.ts'

/**
 * Who is in the pool, and in which slot.
 *
 * Threads have to give a server the same slot. They do while all add the same servers in the same order; afterwards one of them has
 * to choose a slot that is vacant everywhere (`Memory.vacantSlot`), and tell it to the others.
 */
export class Roster {
  /** In the order in which they were added. */
  readonly servers: Endpoint[] = []
  private readonly ids = new Set<string>()
  private readonly memory: Memory
  private readonly inflight: InFlight
  private byName: readonly (string | undefined)[] | undefined

  constructor(memory: Memory, inflight: InFlight) {
    this.memory = memory
    this.inflight = inflight
  }

  /** Throws a `RangeError` for an id that is taken, or when every slot is in use. */
  add(server: Endpoint, slot: number): void {
    if (this.ids.has(server.id)) {
      throw new RangeError(`there is already a server "${server.id}"`)
    }
    if (slot >= this.memory.slots) {
      throw new RangeError(`no room for server "${server.id}": ${this.memory.slots} slots`)
    }
    server.attach(slot, this.inflight.counts, this.inflight.seen)
    this.memory.claim(slot)
    this.servers.push(server)
    this.ids.add(server.id)
    this.byName = undefined
  }

  /** False: it is not there. What it has in flight is still released as usual; its slot is its own until `free`. */
  remove(server: Endpoint): boolean {
    const index = this.servers.indexOf(server)
    if (index < 0) return false
    this.servers.splice(index, 1)
    this.ids.delete(server.id)
    server.removed = true
    this.byName = undefined
    return true
  }

  /** By slot: what the servers are called that are there now. Another object when that changes. */
  get names(): readonly (string | undefined)[] {
    if (this.byName !== undefined) return this.byName
    const names: (string | undefined)[] = []
    for (const { id, slot } of this.servers) names[slot] = id
    this.byName = names
    return names
  }

  /** This thread has done with its slot. */
  free(server: Endpoint): void {
    this.memory.release(server.slot)
    server.detach()
  }
}
