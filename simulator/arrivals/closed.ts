import { whole } from '../checks.ts'
import { createDistribution, type DistributionSpec } from '../distributions.ts'

/** Users who wait for an answer, think, and ask again: so a slow system is asked less. Requests come from answers, not from a clock. */
export interface ClosedSpec {
  type: 'closed'
  users: number
  think: DistributionSpec
}

const MOST_USERS = 1_000_000

/** Throws a `RangeError` that names the path of what is wrong. */
export function checkClosed(spec: ClosedSpec, path: string): void {
  whole(spec.users, 1, MOST_USERS, `${path}.users`)
  if (typeof spec.think !== 'object' || spec.think === null) {
    throw new RangeError(`${path}.think must be a distribution, got ${String(spec.think)}`)
  }
  createDistribution(spec.think, `${path}.think`)
}
