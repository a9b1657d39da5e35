import type { Ejection } from './ejection.ts'
import type { Endpoint } from './endpoint.ts'
import * as why from './exclusions.ts'
import type { Exclusions } from './exclusions.ts'
import { type Heed, heedOf } from './panic.ts'

/** Says which servers may get requests: once, so that no strategy has to ask; and why the others may not. */
export class Eligibility {
  /** How much of health counted at the latest `look`. */
  heed: Heed = 'all'
  private readonly servers: readonly Endpoint[]
  private readonly panic: number
  private readonly ejection: Ejection | undefined
  private readonly exclusions: Exclusions

  /** `servers`: all that there are, as they come and go. `panic`: see `heedOf`. */
  constructor(
    servers: readonly Endpoint[],
    panic: number,
    ejection: Ejection | undefined,
    exclusions: Exclusions,
  ) {
    this.servers = servers
    this.panic = panic
    this.ejection = ejection
    this.exclusions = exclusions
  }

  /** Whoever may get a request now and has room; the backups among them only where there is no other. */
  look(): Endpoint[] {
    const { exclusions, servers } = this
    const heed = this.heedNow
    const first: Endpoint[] = []
    const backups: Endpoint[] = []
    this.heed = heed
    exclusions.begin()
    for (let i = 0; i < servers.length; i++) {
      const server = servers[i]
      const reason = reasonAgainst(server, heed)
      if (reason !== 0) exclusions.note(server.slot, reason)
      else if (server.backup) backups.push(server)
      else first.push(server)
    }
    if (first.length === 0) return backups
    for (const { slot } of backups) exclusions.note(slot, why.BACKUP)
    return first
  }

  /** How many that are. */
  get count(): number {
    const heed = this.heedNow
    let first = 0
    let backups = 0
    for (const server of this.servers) {
      if (reasonAgainst(server, heed) !== 0) continue
      if (server.backup) backups++
      else first++
    }
    return first > 0 ? first : backups
  }

  /** Somebody would take a request if he had room for it. */
  get hasTakers(): boolean {
    const heed = this.heedNow
    for (const server of this.servers) {
      const reason = reasonAgainst(server, heed)
      if (reason === 0 || reason === why.FULL) return true
    }
    return false
  }

  private get heedNow(): Heed {
    // Otherwise nobody but active checks has a say.
    const matters = this.panic > 0 || this.ejection !== undefined
    return matters ? heedOf(this.servers, this.panic) : 'all'
  }
}

/** Why a server may get no request now, as far as intent and room go and as much of health as counts; 0: it may. */
function reasonAgainst(server: Endpoint, heed: Heed): number {
  const { admin, healthy, standing, unproven } = server
  if (admin !== 'ready') return admin === 'maint' ? why.MAINT : why.DRAINING
  if (!(server.weight > 0)) return why.WEIGHT
  if (heed === 'none') {
    if (unproven) return why.CHECKING
  } else if (!healthy) {
    return unproven ? why.CHECKING : why.DOWN
  } else if (heed === 'all' && standing !== 'good' && standing !== 'probation') {
    return standing === 'ejected' ? why.EJECTED : why.CHECKING
  }
  return server.full ? why.FULL : 0
}
