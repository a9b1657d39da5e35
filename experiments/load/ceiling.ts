import { plural } from '../../simulator/format.ts'
import type { Interrupt } from '../live/interrupt.ts'
import { drive } from './drive.ts'
import { Crowd } from './crowd.ts'
import type { Threshold } from '../thresholds/threshold.ts'
import type { Plan } from './plan.ts'
import { judgeAll } from './thresholds.ts'
import { Visits } from './visits.ts'

/** So many users at a time, and what came of it. Times are milliseconds. */
interface Step {
  readonly users: number
  /** Answers below 500, a second. */
  readonly rate: number
  /** Response times; null where there was no answer. */
  readonly p50: number | null
  readonly p99: number | null
  /** Share of the requests that failed, or were answered with 500 and above. */
  readonly errors: number
  /** Share of the time that our own event loop was busy. */
  readonly busy: number
  /** The threshold that did not hold, and what was seen. */
  readonly broke?: string | undefined
}

export interface Ceiling {
  readonly target: string
  readonly steps: readonly Step[]
  /** Requests a second that the target can do; null if that could not be seen. */
  readonly ceiling: number | null
  /** Why it went no further. */
  readonly why: string
  /** A rate for an open run that leaves room; null if there is no ceiling. */
  readonly advice: number | null
}

/** How long each number of users is tried, and how much of that is to get going. */
const TRIAL = 2500
const SETTLING = 500
const MOST_USERS = 4096

/** Twice as many users that bring so much less than twice as much have met a limit. */
const GROWTH = 1.05
const MOST_ERRORS = 0.01
/** Response times at p99 so many times those of a single user, while throughput hardly grows, are a queue. */
const BEND = 10
const BENT_GROWTH = 1.25
const OVERLOADED = 0.95
/** Of the ceiling, for an open run: what comes at random needs room (at 70 % an M/M/1 queue is 2.3 long, at 90 % 8.1). */
const ROOM = 0.7

/** Doubles the users until errors or response times rise, or throughput no longer does. A closed model: it cannot push a target over. */
export async function findCeiling(
  plan: Plan,
  seed: number,
  thresholds: readonly Threshold[],
  interrupt: Pick<Interrupt, 'first' | 'happened'>,
  show: (step: { readonly users: number }) => void,
): Promise<Ceiling> {
  const steps: Step[] = []
  let why = `${MOST_USERS} users were not enough to find it`
  let reached = false
  for (let users = 1; users <= MOST_USERS; users *= 2) {
    show({ users })
    const step = await trial(plan, users, seed, thresholds, interrupt)
    if (interrupt.happened) {
      why = 'it was stopped'
      break
    }
    steps.push(step)
    const limit = limitOf(steps)
    if (limit === undefined) continue
    why = limit.why
    reached = limit.ofTarget
    break
  }
  // Of those before the errors came: answers that are quick because they are refusals are no throughput.
  const good = steps.filter(({ broke, errors }) => errors <= MOST_ERRORS && broke === undefined)
  const best = good.reduce((most, { rate }) => Math.max(most, rate), 0)
  const ceiling = reached && best > 0 ? best : null
  return {
    target: plan.url.origin,
    steps,
    ceiling,
    why,
    advice: ceiling === null ? null : adviceOf(ceiling),
  }
}

/** What the last step ran into, if it did. */
export function limitOf(steps: readonly Step[]): { why: string; ofTarget: boolean } | undefined {
  const last = steps.at(-1)!
  const before = steps.at(-2)
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
  if (last.errors > MOST_ERRORS)
    return {
      why: `${percent(last.errors)} of the requests failed with ${last.users} users`,
      ofTarget: before !== undefined,
    }
  if (last.broke !== undefined)
    return {
      why: `${last.broke} with ${plural(last.users, 'user')}`,
      ofTarget: before !== undefined,
    }
  if (before === undefined) return undefined
  const growth = last.rate / before.rate
  const slow = last.p99! / steps[0].p99!
  const bent = slow > BEND && growth < BENT_GROWTH
  if (growth >= GROWTH && !bent) return undefined
  if (last.busy > OVERLOADED)
    return {
      why: `the generator itself was busy ${percent(last.busy)} of the time: this is its ceiling, the target's may be higher`,
      ofTarget: false,
    }
  if (growth < GROWTH)
    return {
      why: `twice as many users (${last.users}) brought ${growth < 1 ? 'no' : 'hardly any'} more answers`,
      ofTarget: true,
    }
  return {
    why: `p99 is ${slow.toFixed(0)} times that of one user, and throughput hardly grows`,
    ofTarget: true,
  }
}

/** Two digits: nobody knows it better. */
function adviceOf(ceiling: number): number {
  return Number((ceiling * ROOM).toPrecision(2))
}

async function trial(
  plan: Plan,
  users: number,
  seed: number,
  thresholds: readonly Threshold[],
  interrupt: Pick<Interrupt, 'first' | 'happened'>,
): Promise<Step> {
  const { behaviour, named, sender, think } = plan
  const visits = { behaviour, named, seed, think, count: users }
  const options = { ...sender, warmup: SETTLING, maxInFlight: users }
  const start = (): Crowd => new Crowd({ ...options, users: new Visits(visits), duration: TRIAL })
  const driven = await drive({ ...plan, start, duration: TRIAL, warmup: SETTLING }, interrupt)
  const { account } = driven.sender
  const { answered, byClass, due, response } = account
  const good = answered - byClass[5]
  const some = response.count > 0
  const told = judgeAll(thresholds, account, TRIAL - SETTLING, true)
  const failed = told.find(({ verdict }) => verdict === 'fail')
  return {
    users,
    rate: (good * 1000) / (TRIAL - SETTLING),
    p50: some ? response.quantile(0.5) : null,
    p99: some ? response.quantile(0.99) : null,
    errors: due === 0 ? 0 : (due - good) / due,
    busy: driven.lag.generator.busy ?? 0,
    broke: failed && `${failed.text} did not hold (${failed.seen})`,
  }
}
