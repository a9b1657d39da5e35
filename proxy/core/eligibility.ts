import type { AdjustableRules } from './balancer-options.ts'
import type { Ejection } from './ejection.ts'
import type { Endpoint } from './endpoint.ts'
import * as why from './exclusions.ts'
import type { Exclusions } from './exclusions.ts'
import { type Heed, heedOf } from './panic.ts'

/** Says which servers may get requests: once, so that no strategy has to ask; and why the others may not. */
export class Eligibility {
  /** How much of health counted at the latest `look`. */
  heed: Heed = 'all'
  /** First attempts that were given out while health was ignored. */
  panicPicks = 0
  private readonly servers: readonly Endpoint[]
  /** See `heedOf`. */
  private panic = 0
  /** It has its memory also while it is switched off: of a shared one nobody gets more later. */
  private readonly ejection: Ejection
  private ejects = false
  private readonly exclusions: Exclusions

  /** `servers`: all that there are, as they come and go. */
  constructor(servers: readonly Endpoint[], ejection: Ejection, exclusions: Exclusions) {
    this.servers = servers
    this.ejection = ejection
    this.exclusions = exclusions
  }

  /** Goes by these rules from here on. Gives the ejection if they have one; else whoever is out is good again, and `back` hears of him. */
  follow(
    { ejection, panic = 0 }: AdjustableRules,
    back: (server: Endpoint) => void,
  ): Ejection | undefined {
    this.panic = panic
    if (ejection !== undefined) this.ejection.options = ejection
    else if (this.ejects) this.ejection.pardonAll(back)
    this.ejects = ejection !== undefined
    return this.ejects ? this.ejection : undefined
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

  /** Hot: a first attempt was given out. */
  picked(): void {
    if (this.heed === 'none') this.panicPicks++
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
    return this.servers.some((server) => mayTake(reasonAgainst(server, heed)))
  }

  /** Whoever `look` would find if nobody were full. */
  get takers(): Endpoint[] {
    const able = this.servers.filter((server) => mayTake(reasonAgainst(server, this.heed)))
    const first = able.filter((server) => !server.backup)
    return first.length > 0 ? first : able
  }

  /**
   * A server may go on with the sessions that it has, room or not. Unlike new requests they stay while it drains, weighs nothing, or is
   * a backup that is not needed any more (HAProxy's manual, `weight`, `set server state drain` and `backup`).
   */
  keeps({ admin, healthy, removed, standing, unproven }: Endpoint): boolean {
    if (admin === 'maint' || removed) return false
    if (this.heed === 'none') return !unproven
    return healthy && (this.heed === 'checks' || standing === 'good' || standing === 'probation')
  }

  private get heedNow(): Heed {
    // Otherwise nobody but active checks has a say.
    const matters = this.panic > 0 || this.ejects
    return matters ? heedOf(this.servers, this.panic) : 'all'
  }
}

/** It would take a request if it had room for it. */
function mayTake(reason: number): boolean {
  return reason === 0 || reason === why.FULL
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
