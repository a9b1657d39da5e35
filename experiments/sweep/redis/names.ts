import { VERSION } from '../../../proxy/admin/version.ts'
import { isMapping } from '../../../proxy/core/problems.ts'

/** All of our keys in Redis begin with it. */
export const PREFIX = 'evenkeel'

/** Versions never meet: what they find may differ. */
export const QUEUE = `sweep-${VERSION}`

/** How long a sweep that nobody asks for stays in Redis, in seconds. */
export const KEPT = 7 * 24 * 3600

/** What is to be run: the plan of a sweep, as text. */
export function planKey(sweep: string): string {
  return `${PREFIX}:plan:${sweep}`
}

/** What was found: a hash with a field a run. */
export function resultsKey(sweep: string): string {
  return `${PREFIX}:results:${sweep}`
}

/** What a worker is to do: little, since the plan says the rest. */
export interface Order {
  readonly sweep: string
  readonly cell: number
  /** By place in the plan. */
  readonly contender: number
  readonly seed: number
  readonly warmup: number
}

/** Anybody who can write to Redis can call anything a job. */
export function isOrder(data: unknown): data is Order {
  if (!isMapping(data) || typeof data['sweep'] !== 'string') return false
  const { cell, contender, seed, warmup } = data
  return [cell, contender, seed].every((each) => isPlace(each)) && isTime(warmup)
}

function isPlace(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32
}

function isTime(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) >= 0
}

export function orderId({ cell, contender, seed, sweep, warmup }: Order): string {
  return `${sweep}-${cell}-${contender}-${seed}-${warmup}`
}
