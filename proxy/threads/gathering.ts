import { mergeVitals, type ThreadVitals } from '../admin/vitals.ts'
import { mergeChoices } from '../core/choices.ts'
import { mergeSnapshots } from '../core/merge.ts'
import type { Snapshot } from '../core/snapshot.ts'
import { Tally } from '../core/tally.ts'
import { mergeProbes } from '../health/probes.ts'
import { Counters } from '../http/counters.ts'
import { withoutOpen } from '../http/tunnel-counts.ts'
import type { Account, FromWorker } from './messages.ts'
import type { Member } from './member.ts'
import { RecentOfAll } from './recent-of-all.ts'

/** How long a thread may take to say what it has counted, in milliseconds; then its last word counts. */
const PATIENCE = 500

interface Round {
  readonly waiting: Set<Member>
  readonly over: () => void
}

/**
 * Asks all threads what they have counted, and adds it up. Nobody counts twice, and what a thread said before it died still
 * counts, so that no sum ever falls.
 */
export class Gathering {
  readonly recent: RecentOfAll
  private readonly rounds = new Map<number, Round>()
  private count = 0
  /** Seconds that threads have ended and nobody has told. */
  private seconds: Snapshot[] = []
  /** What those who died had counted. */
  private retired: Account | undefined

  /** `members`: those who can answer. */
  constructor(members: () => readonly Member[]) {
    this.recent = new RecentOfAll(members)
  }

  /** Resolves when everybody has answered; `turn`: and has ended its second. */
  async ask(members: readonly Member[], turn: boolean): Promise<void> {
    if (members.length === 0) return
    const round = ++this.count
    const { promise, resolve } = Promise.withResolvers<void>()
    this.rounds.set(round, { waiting: new Set(members), over: resolve })
    for (const member of members) member.post({ type: 'report', round, turn })
    const timer = setTimeout(resolve, PATIENCE)
    await promise
    clearTimeout(timer)
    this.rounds.delete(round)
  }

  receive(member: Member, message: FromWorker & { type: 'account' | 'recalled' }): void {
    if (message.type === 'recalled') {
      this.recent.receive(member, message.round, message.answer)
      return
    }
    member.account = message.account
    if (message.second !== undefined) this.seconds.push(message.second)
    this.answered(member, message.round)
  }

  /** Nobody waits for one that is gone. */
  forget(member: Member): void {
    this.recent.forget(member)
    for (const round of this.rounds.keys()) this.answered(member, round)
    if (member.account === undefined) return
    const { account } = member
    const { active, idle, lagMax } = account.vitals
    const vitals = { heapUsed: 0, active, idle, lagP50: 0, lagP99: 0, lagMax }
    const past = this.retired === undefined ? [] : [this.retired]
    const counters = { ...account.counters, tunnels: withoutOpen(account.counters.tunnels) }
    this.retired = sum([{ ...account, counters, vitals }, ...past])
  }

  /** The second that `base` ended, of all threads. A second that came too late for its own is in the next. */
  second(base: Snapshot): Snapshot {
    return mergeSnapshots(base, this.seconds.splice(0))
  }

  /** Everything since the beginning, of all threads. `base`: the coordinator's own. */
  whole(base: Account, members: readonly Member[]): Account {
    const accounts = [base, this.retired, ...members.map(({ account }) => account)]
    return sum(accounts.filter((account) => account !== undefined))
  }

  private answered(member: Member, number: number): void {
    const round = this.rounds.get(number)
    if (round === undefined) return
    round.waiting.delete(member)
    if (round.waiting.size === 0) round.over()
  }
}

/** What the attempts at the server of that id came to. */
export function tallyOf({ servers }: Snapshot, id: string): Tally {
  const tally = new Tally()
  const found = servers.find((server) => server.id === id)
  if (found !== undefined) tally.addSnapshot(found.attempts)
  return tally
}

/** Of the coordinator, who takes no request. */
export function accountOf(total: Snapshot, vitals: ThreadVitals, linesLost: number): Account {
  return { total, counters: new Counters().snapshot(), probes: {}, choices: {}, linesLost, vitals }
}

/** The first says which servers there are, and how they are. */
function sum(accounts: readonly Account[]): Account {
  const [first, ...others] = accounts.map(({ total }) => total)
  const counters = new Counters()
  counters.become(accounts.map((account) => account.counters))
  return {
    total: mergeSnapshots(first, others),
    counters: counters.snapshot(),
    probes: mergeProbes(accounts.map(({ probes }) => probes)),
    choices: mergeChoices(accounts.map(({ choices }) => choices)),
    linesLost: accounts.reduce((lost, { linesLost }) => lost + linesLost, 0),
    vitals: mergeVitals(accounts.map(({ vitals }) => vitals)),
  }
}
