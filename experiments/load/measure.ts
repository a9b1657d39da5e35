import { describeMachine } from '../bench/machine.ts'
import { VERSION } from '../../proxy/admin/version.ts'
import type { Threshold } from '../thresholds/threshold.ts'
import type { Driven } from './drive.ts'
import type { LoadFlags } from './options.ts'
import type { Plan } from './plan.ts'
import type { Rehearsal } from './rehearsal.ts'
import {
  conservationOf,
  type LoadReport,
  pageLines,
  SCHEMA,
  serverLines,
  statusesOf,
  timesOf,
} from './report.ts'
import { judgeAll } from './thresholds.ts'
import { invalidBecause } from './validity.ts'

/** What was measured, in figures. */
export function measure(
  plan: Plan,
  driven: Driven,
  rehearsal: Rehearsal | null,
  { maxLateness, seed }: Pick<LoadFlags, 'maxLateness' | 'seed'>,
  thresholds: readonly Threshold[],
): LoadReport {
  const { began, elapsed, interrupted, lag, seconds, sender } = driven
  const { account, serverHeader, warmup } = sender
  const wrong = invalidBecause(account, maxLateness)
  const span = Math.max(1, elapsed - plan.warmup)
  const { commit: _, date: __, node, ...machine } = describeMachine()
  return {
    schema: SCHEMA,
    target: plan.url.origin,
    model: plan.model,
    load: plan.words,
    seed,
    began: began.toISOString(),
    elapsed,
    warmup: plan.warmup,
    interrupted,
    rehearsal,
    machine,
    versions: { evenkeel: VERSION, node },
    valid: wrong.length === 0,
    invalidBecause: wrong,
    requests: conservationOf(account),
    warmupRequests: conservationOf(warmup),
    rates: { due: (account.due * 1000) / span, answered: (account.answered * 1000) / span },
    statuses: statusesOf(account),
    times: {
      response: timesOf(account.response),
      service: timesOf(account.service),
      lateness: timesOf(account.lateness),
    },
    serverHeader,
    servers: serverLines(account),
    pages: pageLines(account),
    checks: [...account.checks].map(([name, counts]) => ({ name, ...counts })),
    reasons: [...account.reasons]
      .map(([reason, count]) => ({ reason, count }))
      .sort((a, b) => b.count - a.count),
    lag,
    thresholds: judgeAll(thresholds, account, span, wrong.length === 0),
    seconds: seconds.rows,
  }
}
