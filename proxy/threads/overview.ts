import { Admin } from '../admin/admin.ts'
import { Eyes } from '../admin/eyes.ts'
import { sourcesOf } from '../admin/own-sources.ts'
import type { SeriesListener } from '../core/series.ts'
import type { Snapshot, StateEvent } from '../core/snapshot.ts'
import { Counters } from '../http/counters.ts'
import type { Settings } from '../settings.ts'
import type { Accounts } from './accounts.ts'
import type { Briefing } from './briefing.ts'
import type { ToWorker } from './messages.ts'
import { Whole } from './whole.ts'

type Shown = Omit<Parameters<typeof sourcesOf>[1], 'counters' | 'linesLost' | 'probes'>

/**
 * Tells all threads what happens, and has the pages of the coordinator, which are for the admin port alone: on the main ports each worker has
 * its own. All show the same.
 */
export class Overview implements SeriesListener {
  readonly eyes = new Eyes((prefix) => this.make(prefix))
  private readonly shown: Shown
  private readonly startedAt: string
  private readonly accounts: Accounts
  private readonly briefing: Briefing
  private readonly tell: (news: ToWorker) => void
  private whole: Whole | undefined

  constructor(
    shown: Shown,
    startedAt: string,
    accounts: Accounts,
    briefing: Briefing,
    tell: (news: ToWorker) => void,
  ) {
    this.shown = shown
    this.startedAt = startedAt
    this.accounts = accounts
    this.briefing = briefing
    this.tell = tell
  }

  follow({ admin, stats }: Pick<Settings, 'admin' | 'stats'>): void {
    this.eyes.follow(admin !== false && stats)
  }

  onSnapshot(base: Snapshot): void {
    void this.accounts.tellSecond(base).then((snapshot) => this.whole?.tellSecond(snapshot))
  }

  onEvent(event: StateEvent): void {
    this.briefing.remember(event)
    this.tell({ type: 'event', event })
    this.whole?.tellEvent(event)
  }

  private make(prefix: string): Admin {
    // It takes no request, and what it lacks comes with the accounts of those who do.
    const shown = Object.assign(Object.create(this.shown) as Shown, {
      linesLost: 0,
      counters: new Counters(),
      probes: { countsOf: () => undefined },
    })
    const own = sourcesOf(prefix, shown, this.startedAt)
    const ask = async (): Promise<void> => this.whole?.receive(await this.accounts.gather())
    this.whole = new Whole(own, this.accounts.vitals, () => void ask(), this.briefing.events)
    return new Admin(this.whole)
  }
}
