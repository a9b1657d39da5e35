import type { Ejection } from './ejection.ts'
import type { Eligibility } from './eligibility.ts'
import type { Endpoint } from './endpoint.ts'
import type { InFlight } from './in-flight.ts'

/** Counts requests in at servers that were chosen, if another thread was not faster. */
export class Places {
  private readonly inflight: InFlight
  private readonly ejection: Ejection
  private readonly eligibility: Eligibility

  constructor(inflight: InFlight, ejection: Ejection, eligibility: Eligibility) {
    this.inflight = inflight
    this.ejection = ejection
    this.eligibility = eligibility
  }

  /** Hot: one more in flight. False: another thread took the last place, or the trial of a server on probation. */
  take(server: Endpoint): boolean {
    if (!this.inflight.take(server)) return false
    if (server.standing !== 'probation' || this.eligibility.heed !== 'all') return true
    const claimed = this.ejection.claim(server)
    if (!claimed) this.inflight.giveBack(server)
    this.inflight.stir()
    return claimed
  }
}
