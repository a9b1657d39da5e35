import type { Stats } from '../../proxy/admin/stats.ts'
import type { LoadAccount } from '../load/account.ts'
import { count, plural } from '../../simulator/format.ts'

/** What one fake says of itself; null where it could not be asked. */
export interface FakeBooks {
  id: string
  /** How often it was started. It counts from the last start. */
  starts: number
  counts: FakeCounts | null
}

export interface FakeCounts {
  arrived: number
  /** With a good answer. */
  served: number
  /** With a 500, on purpose. */
  failed: number
  refused: number
  /** Left by their client, so by the proxy. */
  abandoned: number
  serving: number
  queued: number
}

/** The three books of one run, each kept without looking at the others. */
export interface Books {
  load: LoadAccount
  proxy: Stats
  fakes: readonly FakeBooks[]
}

export interface Verdict {
  /** What does not add up, a sentence each; empty when every request is accounted for. */
  gaps: string[]
  /** What one has to know to compare the books by hand. */
  notes: string[]
}

/**
 * Compares what was sent, what went through and what arrived. Each comparison holds exactly, whatever happened in between;
 * where something cannot be known (what a killed fake had counted), that is said and not guessed.
 */
export function compareBooks({ load, proxy, fakes }: Books): Verdict {
  const gaps: string[] = []
  const notes: string[] = []
  const same = (what: string, left: number, right: number, where: string): void => {
    if (left !== right) gaps.push(`${what}: ${count(left)} ${where} ${count(right)}`)
  }
  same(
    'due requests',
    load.due,
    load.due - load.missing,
    'in the schedule, but the generator booked',
  )
  const { answers } = proxy
  const compare = (what: string, ours: number, theirs: number, where: string): number => {
    // Nobody but the proxy knows how far a request came that failed after it had begun: it may have more, but never less.
    if (load.failed === 0 || theirs < ours) same(what, ours, theirs, where)
    return Math.max(0, theirs - ours)
  }
  const few = (what: string, extra: number): void => {
    if (load.failed === 0 || extra <= load.failed) return
    const only = `only ${plural(load.failed, 'request')} failed`
    gaps.push(`${what}: ${count(extra)} did not arrive whole, but ${only}`)
  }
  const finished = exchangesOf(proxy)
  if (finished < load.answered) {
    same('requests', load.answered, finished, 'answered, but the proxy finished')
  } else if (load.failed === 0 || finished > load.sent) {
    same('requests', load.sent, finished, 'sent, but the proxy finished')
  } else if (finished < load.sent) {
    notes.push(`${plural(load.sent - finished, 'request')} failed on their way to the proxy.`)
  }
  let onTheWay = 0
  for (const kind of [1, 2, 3, 4, 5] as const) {
    const theirs = answers[`${kind}xx`]
    onTheWay += compare(`${kind}xx`, load.byClass[kind], theirs, 'received, but the proxy sent')
  }
  few('answers of the proxy', onTheWay)
  if (onTheWay > 0 && onTheWay <= load.failed) {
    notes.push(
      onTheWay === 1
        ? '1 answer of the proxy was on its way when its request failed.'
        : `${count(onTheWay)} answers of the proxy were on their way when their requests failed.`,
    )
  }
  let first = 0
  let attempts = 0
  for (const { total } of proxy.servers) {
    first += total.requests
    attempts += attemptsOf(total.attempts)
  }
  same('attempts', attempts, first + proxy.retries.total, 'ended, but first tries and retries make')
  let lost = 0
  for (const { id, total } of proxy.servers) {
    const booking = load.servers.get(id)
    const good = booking === undefined ? 0 : booking.answers - booking.byClass[5]
    const { ok, error, timeout, aborted } = total.attempts
    lost += compare(`${id}: good answers`, good, ok, 'received, but the proxy had')
    const counts = fakes.find((each) => each.id === id)?.counts
    if (counts) {
      const { arrived, served, failed, refused, abandoned, serving, queued } = counts
      const booked = served + failed + refused + abandoned + serving + queued
      same(`${id}: requests`, arrived, booked, 'arrived, but it booked')
    }
    const fake = fakes.find((each) => each.id === id)
    const reached = reachedOf(total.attempts)
    if (fake === undefined || fake.counts === null) {
      notes.push(`${id} was not running at the end: what it had counted is gone with it.`)
    } else if (fake.starts > 1) {
      const { arrived } = fake.counts
      notes.push(
        `${id} was started ${fake.starts} times and counts from its last start: ` +
          `${count(reached - arrived)} of its ${count(reached)} attempts were before.`,
      )
      if (arrived > reached)
        same(`${id}: requests`, arrived, reached, 'arrived, but the proxy sent')
    } else if (fake.counts.arrived !== reached) {
      const early = reached - fake.counts.arrived
      // A connection can break while the request is on its way: then nobody knows whether it arrived, but the fake.
      const { failed, refused } = fake.counts
      const broken = aborted + timeout + Math.max(0, error - failed - refused)
      if (early > 0 && early <= broken) {
        notes.push(`${id}: ${plural(early, 'attempt')} broke off before it arrived.`)
      } else {
        same(
          `${id}: requests`,
          reached,
          fake.counts.arrived,
          'sent by the proxy, but there arrived',
        )
      }
    }
  }
  few('good answers of the servers', lost)
  return { gaps, notes }
}

/** Every request that reached the proxy, however it ended. */
export function exchangesOf({ answers }: Stats): number {
  const { left } = answers
  return answers['1xx'] + answers['2xx'] + answers['3xx'] + answers['4xx'] + answers['5xx'] + left
}

type Attempts = Stats['servers'][number]['total']['attempts']

/** Attempts that came to a connection: a refused one never reached the server. */
function reachedOf(attempts: Attempts): number {
  return attemptsOf(attempts) - attempts.refused
}

function attemptsOf(attempts: Attempts): number {
  const { ok, error, timeout, refused, aborted } = attempts
  return ok + error + timeout + refused + aborted
}
