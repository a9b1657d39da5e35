import type { Ejection } from './ejection.ts'
import type { Endpoint } from './endpoint.ts'
import { type Heed, heedOf } from './panic.ts'

/** Says which servers may get requests: once, so that no strategy has to ask. */
export class Eligibility {
  /** How much of health counted at the latest `look`. */
  heed: Heed = 'all'
  private readonly servers: readonly Endpoint[]
  private readonly panic: number
  private readonly ejection: Ejection | undefined

  /** `servers`: all that there are, as they come and go. `panic`: see `heedOf`. */
  constructor(servers: readonly Endpoint[], panic: number, ejection: Ejection | undefined) {
    this.servers = servers
    this.panic = panic
    this.ejection = ejection
  }

  /** Whoever may get a request now and has room; the backups among them only where there is no other. */
  look(): Endpoint[] {
    this.heed = this.heedNow
    return this.choose(this.heed)
  }

  /** How many that are. */
  get count(): number {
    return this.choose(this.heedNow).length
  }

  /** Somebody would take a request if he had room for it. */
  get hasTakers(): boolean {
    const heed = this.heedNow
    for (const server of this.servers) if (admissible(server, heed)) return true
    return false
  }

  private get heedNow(): Heed {
    // Otherwise nobody but active checks has a say.
    const matters = this.panic > 0 || this.ejection !== undefined
    return matters ? heedOf(this.servers, this.panic) : 'all'
  }

  private choose(heed: Heed): Endpoint[] {
    const able = this.servers.filter((server) => !server.full && admissible(server, heed))
    const first = able.filter((server) => !server.backup)
    return first.length > 0 ? first : able
  }
}

/** May get a request if it has room, as far as intent goes and as much of health as counts. */
function admissible(server: Endpoint, heed: Heed): boolean {
  if (heed === 'all') return server.fit
  return server.wanted && (heed === 'none' ? !server.unproven : server.healthy)
}
