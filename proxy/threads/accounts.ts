import { Vitals } from '../admin/vitals.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { Series } from '../core/series.ts'
import type { Snapshot } from '../core/snapshot.ts'
import type { Work } from '../control/work.ts'
import type { Crew } from './crew.ts'
import { accountOf, Gathering, tallyOf } from './gathering.ts'
import type { Member } from './member.ts'
import type { Account } from './messages.ts'

/** Asks the threads what they have counted, with what the coordinator has itself, and tells it to who wants to know. */
export class Accounts {
  readonly gathering: Gathering
  readonly vitals = new Vitals()
  private readonly crew: Crew
  private readonly series: Series
  /** Brings the coordinator's clock up to date. */
  private readonly touch: () => void
  private readonly linesLost: () => number

  constructor(crew: Crew, series: Series, touch: () => void, linesLost: () => number) {
    this.crew = crew
    this.gathering = new Gathering(() => crew.ready)
    this.series = series
    this.touch = touch
    this.linesLost = linesLost
  }

  async workAt({ id }: Endpoint, timeouts: { readonly tunnelDrain: number }): Promise<Work> {
    const { counters, total } = await this.gather()
    const tunnels = counters.tunnels[id]?.open ?? 0
    return { attempts: tallyOf(total, id), tunnels, tunnelDrain: timeouts.tunnelDrain }
  }

  async answer(member: Member): Promise<void> {
    member.post({ type: 'whole', whole: await this.gather() })
  }

  /** Gives what it tells. */
  async tellSecond(base: Snapshot): Promise<Snapshot> {
    await this.gathering.ask(this.crew.ready, true)
    const snapshot = this.gathering.second(base)
    this.crew.tell({ type: 'second', snapshot })
    return snapshot
  }

  close(): void {
    this.vitals.close()
  }

  /** What all threads have counted. */
  async gather(): Promise<Account> {
    await this.gathering.ask(this.crew.ready, false)
    this.touch()
    const own = accountOf(this.series.total(), this.vitals.read(), this.linesLost())
    return this.gathering.whole(own, this.crew.present)
  }
}
