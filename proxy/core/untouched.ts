import type { Endpoint } from './endpoint.ts'

/** What of a server is for reading only. */
const READ_ONLY = [
  'id',
  'slot',
  'weight',
  'configuredWeight',
  'max',
  'backup',
  'admin',
  'healthy',
  'unproven',
  'standing',
  'removed',
  'healthReason',
  'standingReason',
] as const satisfies (keyof Endpoint)[]

/** Something that changed, in words: `the weight of a`, and ` from 1 to 2` where that helps. */
export interface Change {
  readonly what: string
  readonly how: string
}

/** What a strategy is shown and must not touch, as it was before a verb: to see afterwards whether it kept its hands off. */
export class Untouched {
  private readonly servers: readonly Endpoint[]
  private readonly inflights: Int32Array
  private readonly counts: Int32Array
  private readonly values: readonly unknown[]

  constructor(servers: readonly Endpoint[], inflights: Int32Array) {
    this.servers = servers
    this.inflights = inflights
    this.counts = inflights.slice()
    this.values = servers.flatMap((server) => READ_ONLY.map((name) => server[name]))
  }

  /** The first thing that is not as it was. */
  get change(): Change | undefined {
    const { counts, inflights, servers, values } = this
    for (const [i, server] of servers.entries()) {
      const id = String(values[i * READ_ONLY.length])
      if (Object.isFrozen(server)) return { what: `all of ${id}`, how: ': it is frozen' }
      const wrong = READ_ONLY.findIndex(
        (name, at) => server[name] !== values[i * READ_ONLY.length + at],
      )
      if (wrong >= 0) return { what: `the ${READ_ONLY[wrong]} of ${id}`, how: '' }
    }
    const slot = counts.findIndex((count, i) => count !== inflights[i])
    if (slot < 0) return undefined
    const id = servers.find((server) => server.slot === slot)?.id ?? `slot ${slot}`
    const how = ` from ${counts[slot]} to ${inflights[slot]}`
    return { what: `the requests in flight to ${id}`, how }
  }
}
