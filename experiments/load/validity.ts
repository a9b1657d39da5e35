import { count, milliseconds, percent } from '../../simulator/format.ts'
import type { LoadAccount } from './account.ts'

/** Lateness at p99, in milliseconds, that hardly shows among response times of any kind. */
const LATE = 10
/** As a share of the response time at p99. */
const LATE_SHARE = 0.1

/**
 * Why response times do not say what the target did, a sentence each; empty when they do. A generator that was late has
 * measured itself, and one that shed requests has left out those that would have waited longest.
 */
export function invalidBecause(account: LoadAccount, most?: number): string[] {
  const { due, lateness, response, shed } = account
  const reasons: string[] = []
  const late = lateness.quantile(0.99)
  const share = response.count === 0 ? 0 : response.quantile(0.99) * LATE_SHARE
  const allowed = most ?? Math.max(LATE, share)
  if (late > allowed) {
    reasons.push(
      `the generator fell behind: requests were sent ${milliseconds(late)} ms after they were due at p99, and ${milliseconds(allowed)} ms is the most that still measures the target`,
    )
  }
  if (shed > 0) {
    reasons.push(
      `${count(shed)} of ${count(due)} requests (${percent(shed / due)}) were due while too many were in flight, and were not sent: those would have waited longest`,
    )
  }
  return reasons
}
