import type { Endpoint } from './endpoint.ts'

/**
 * Whose slot each is, for strategies that remember slots. Most of the slots that there are have no server: so when the set changes
 * only those that had one are emptied, and the array stays.
 */
export class BySlot {
  /** Hot: by slot. */
  readonly at: (Endpoint | undefined)[]
  /** Where somebody is. A server that has left does not know its slot any more. */
  private readonly taken: Int32Array
  private count = 0

  constructor(slots: number) {
    this.at = Array.from({ length: slots })
    this.taken = new Int32Array(slots)
  }

  /** These, and nobody else. */
  set(servers: readonly Endpoint[]): void {
    const { at, taken } = this
    for (let i = 0; i < this.count; i++) at[taken[i]] = undefined
    this.count = servers.length
    for (let i = 0; i < servers.length; i++) {
      const server = servers[i]
      at[server.slot] = server
      taken[i] = server.slot
    }
  }
}
