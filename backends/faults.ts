import { z } from 'zod'
import { LONGEST_LATENCY } from './settings.ts'

/** What can be switched while a fake runs. Times are milliseconds. */
export interface Faults {
  /** Everything, health included, gets a 503. Who is inside is still served. */
  outage: boolean
  /** The share of requests that get a 500, from 0 to 1. */
  failureRate: number
  minLatency: number
  maxLatency: number
}

/** A change of faults that cannot be made, and why: a line each. */
export class FaultsError extends Error {
  override readonly name = 'FaultsError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

const BOOLEAN = 'must be true or false'
const SHARE = 'must be from 0 to 1'
const LATENCY = `must be milliseconds from 0 to ${LONGEST_LATENCY}`

const latency = z.number(LATENCY).min(0, LATENCY).max(LONGEST_LATENCY, LATENCY)

const schema = z
  .strictObject({
    outage: z.boolean(BOOLEAN),
    failureRate: z.number(SHARE).min(0, SHARE).max(1, SHARE),
    minLatency: latency,
    maxLatency: latency,
  })
  .partial()

/** The faults after a change from outside: all of it, or a `FaultsError` and nothing. */
export function changeFaults(faults: Faults, change: unknown): Faults {
  const parsed = schema.safeParse(change)
  if (!parsed.success) {
    throw new FaultsError(parsed.error.issues.map((issue) => describe(issue, change)))
  }
  const { data } = parsed
  const changed: Faults = {
    outage: data.outage ?? faults.outage,
    failureRate: data.failureRate ?? faults.failureRate,
    minLatency: data.minLatency ?? faults.minLatency,
    maxLatency: data.maxLatency ?? faults.maxLatency,
  }
  if (changed.minLatency > changed.maxLatency) {
    throw new FaultsError([
      `minLatency must be at most maxLatency (${changed.maxLatency}), got ${changed.minLatency}`,
    ])
  }
  return changed
}

function describe(issue: z.core.$ZodIssue, change: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => JSON.stringify(key)).join(', ')
    return `unknown: ${keys}; there are ${Object.keys(schema.shape).join(', ')}`
  }
  if (issue.path.length === 0) return 'the body must be a JSON object'
  const [key] = issue.path
  const value: unknown = (change as Record<PropertyKey, unknown>)[key]
  return `${String(key)} ${issue.message}, got ${JSON.stringify(value)}`
}
