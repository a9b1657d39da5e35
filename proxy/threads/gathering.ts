import type { Snapshot } from '../core/snapshot.ts'
import { mergeSnapshots } from '../core/merge.ts'
import { Counters, type CountersSnapshot } from '../http/counters.ts'
import type { Account, FromWorker, WholeAccount } from './messages.ts'
import type { Member } from './member.ts'

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
  private readonly rounds = new Map<number, Round>()
  private count = 0
  /** Seconds that threads have ended and nobody has told. */
  private seconds: Snapshot[] = []
  /** What those who died had counted. */
  private retired: Account | undefined

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

  receive(member: Member, message: FromWorker & { type: 'account' }): void {
    member.account = message.account
    if (message.second !== undefined) this.seconds.push(message.second)
    this.answered(member, message.round)
  }

  /** Nobody waits for one that is gone. */
  forget(member: Member): void {
    for (const round of this.rounds.keys()) this.answered(member, round)
    if (member.account === undefined) return
    const { retired } = this
    this.retired = retired === undefined ? member.account : sum(member.account, retired)
  }

  /** The second that `base` ended, of all threads. A second that came too late for its own is in the next. */
  second(base: Snapshot): Snapshot {
    return mergeSnapshots(base, this.seconds.splice(0))
  }

  /** Everything since the beginning, of all threads. */
  whole(base: Snapshot, members: readonly Member[]): WholeAccount {
    const accounts = [this.retired, ...members.map(({ account }) => account)]
    const known = accounts.filter((account) => account !== undefined)
    return {
      total: mergeSnapshots(
        base,
        known.map(({ total }) => total),
      ),
      counters: known.map(({ counters }) => counters),
    }
  }

  private answered(member: Member, number: number): void {
    const round = this.rounds.get(number)
    if (round === undefined) return
    round.waiting.delete(member)
    if (round.waiting.size === 0) round.over()
  }
}

function sum(one: Account, other: Account): Account {
  return {
    total: mergeSnapshots(one.total, [other.total]),
    counters: sumOf([one.counters, other.counters]),
  }
}

function sumOf(parts: readonly CountersSnapshot[]): CountersSnapshot {
  const counters = new Counters()
  counters.become(parts)
  return counters.snapshot()
}
