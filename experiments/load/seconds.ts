import { Histogram } from '../../proxy/core/histogram.ts'
import type { LoadAccount } from './account.ts'

/** What happened in a second, or in as long as the generator was not woken. */
export interface Second {
  /** When it ended, in seconds since the traffic began. */
  readonly t: number
  readonly due: number
  /** Handed to the network. */
  readonly sent: number
  /** Whole answers, whatever their status. */
  readonly answered: number
  /** With a status of 500 and above. */
  readonly errors: number
  /** No whole answer, or never sent. */
  readonly failed: number
  readonly shed: number
  /** At its end. */
  readonly inflight: number
  /** Response time of the answers below 500 that came in it, in milliseconds; null if there were none. */
  readonly p50: number | null
  readonly p99: number | null
}

type Counts = Omit<Second, 't' | 'p50' | 'p99'>

/** A row a second, over accounts that go on counting. The rows of a run add up to its totals. */
export class Seconds {
  readonly rows: Second[] = []
  private readonly accounts: readonly LoadAccount[]
  private readonly times = new Histogram()
  private before: Counts = NOTHING

  constructor(accounts: readonly LoadAccount[]) {
    this.accounts = accounts
  }

  get last(): Second | undefined {
    return this.rows.at(-1)
  }

  /** Ends a row; `elapsed` in milliseconds. */
  sample(elapsed: number): void {
    const { accounts, before, times } = this
    const now = accounts.map(countsOf).reduce(sum, NOTHING)
    times.clear()
    for (const { recent } of accounts) {
      times.add(recent)
      recent.clear()
    }
    this.before = now
    this.rows.push({
      t: Math.round(elapsed) / 1000,
      due: now.due - before.due,
      sent: now.sent - before.sent,
      answered: now.answered - before.answered,
      errors: now.errors - before.errors,
      failed: now.failed - before.failed,
      shed: now.shed - before.shed,
      inflight: now.inflight,
      p50: times.count === 0 ? null : times.quantile(0.5),
      p99: times.count === 0 ? null : times.quantile(0.99),
    })
  }
}

const NOTHING: Counts = {
  due: 0,
  sent: 0,
  answered: 0,
  errors: 0,
  failed: 0,
  shed: 0,
  inflight: 0,
}

function countsOf(account: LoadAccount): Counts {
  const { answered, byClass, due, failed, inflight, sent, shed, unconnected, unsendable } = account
  const nothing = failed + unconnected + unsendable
  return { due, sent, answered, errors: byClass[5], failed: nothing, shed, inflight }
}

function sum(a: Counts, b: Counts): Counts {
  return {
    due: a.due + b.due,
    sent: a.sent + b.sent,
    answered: a.answered + b.answered,
    errors: a.errors + b.errors,
    failed: a.failed + b.failed,
    shed: a.shed + b.shed,
    inflight: a.inflight + b.inflight,
  }
}
