import type { Clock } from '../core/clock.ts'
import type { Rng } from '../core/rng.ts'
import type { Servers } from '../servers.ts'
import type { Settings } from '../settings.ts'
import { ActiveChecks, type HealthBook } from './active-checks.ts'

/** Has active checks made as the settings want them, and changes them while the proxy runs. */
export class ChecksKeeper {
  /** Undefined while they are switched off. */
  checks: ActiveChecks | undefined
  private readonly book: HealthBook
  private readonly make: (health: Exclude<Settings['health'], false>) => ActiveChecks

  constructor(health: Settings['health'], book: HealthBook, clock: Clock, rng: Rng) {
    this.book = book
    this.make = (given) => new ActiveChecks(given, book, clock, rng)
    this.checks = health === false ? undefined : this.make(health)
  }

  /** `servers`: those to check. Where nobody does all are well, since nobody could say that they are again. */
  follow(health: Settings['health'], servers: Servers): void {
    const { checks } = this
    if (health !== false && checks !== undefined) return checks.follow(health)
    if (health === false && checks === undefined) return
    this.checks = health === false ? undefined : this.make(health)
    servers.useChecks(this.checks)
    void checks?.stop()
    if (health !== false) return
    for (const server of servers.all) this.book.setHealthy(server, true)
  }
}
