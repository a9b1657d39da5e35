import { InvalidArgumentError } from 'commander'
import { readThreshold, ThresholdError } from '../thresholds/threshold.ts'
import { splitList } from '../sim/strategy-list.ts'
import { type ReadFlags, UNITS } from '../trace/options.ts'
import type { Format } from './formats.ts'

/** A percentile and what it must stay below, in milliseconds. */
export interface Bound {
  readonly key: string
  readonly quantile: number
  readonly below: number
}

/** What `evenkeel plan` was asked for. */
export interface PlanFlags extends ReadFlags {
  readonly strategy?: readonly string[]
  readonly current?: string
  readonly config?: string
  /** For a log that does not say who served. */
  readonly servers?: number
  readonly workers?: number
  readonly from: Moment
  readonly to: Moment
  readonly add?: number
  readonly remove?: readonly string[]
  readonly weight?: ReadonlyMap<string, number>
  readonly rate: number
  readonly bound?: Bound
  readonly reps: number
  readonly seed: number
  readonly most: number
  readonly maxP50?: number
  readonly maxP99?: number
  readonly maxShare?: number
  readonly anyway?: true
  /** False: no other worlds than the one that is asked about. */
  readonly headroom: boolean
  readonly format: Format
  readonly out?: string
}

/** Milliseconds from the first request of a log, or Unix time in milliseconds. */
export type Moment = { readonly after: number } | { readonly at: number }

const LOGGED_TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/

/** `90s` or `2h` from the first request on, or a time as the log has it: `2026-03-09T12:00Z`. */
export function readMoment(text: string): Moment {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text)
  if (parts !== null) return { after: Number(parts[1]) * UNITS[parts[2]] }
  if (LOGGED_TIME.test(text)) {
    const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(text.slice(10)) ? text : `${text}Z`
    const at = Date.parse(zoned.replace(' ', 'T'))
    if (!Number.isNaN(at)) return { at }
  }
  throw new InvalidArgumentError(
    'It must be a time from the first request on, like 90s, 5m or 2h, or one like 2026-03-09T12:00Z.',
  )
}

/** `p99<250ms`, as thresholds are written everywhere. */
export function readBound(text: string): Bound {
  try {
    const { figure, limit, operator } = readThreshold(text)
    if (figure.quantile !== undefined && figure.scope === '' && operator.startsWith('<')) {
      return { key: figure.name, quantile: figure.quantile, below: limit }
    }
  } catch (error) {
    if (!(error instanceof ThresholdError)) throw error
    throw new InvalidArgumentError(`${error.message}.`)
  }
  throw new InvalidArgumentError('It must be a percentile and its limit, like p99<250ms.')
}

/** `1.3`, `1.3x`. */
export function readGrowth(text: string): number {
  const value = Number(text.replace(/x$/, ''))
  if (value > 0 && value <= 1000) return value
  throw new InvalidArgumentError('It must be a factor above 0, like 1.3x.')
}

/** `--remove s1,s2`, or `--remove s1 --remove s2`. */
export function readNames(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...splitList(text)]
}

/** `--weight s1=2,s2=1`. */
export function readWeights(
  text: string,
  before: ReadonlyMap<string, number> = new Map(),
): ReadonlyMap<string, number> {
  const weights = new Map(before)
  for (const each of splitList(text)) {
    const [, id, value] = /^(.+)=(\d+(?:\.\d+)?)$/.exec(each) ?? []
    if (id === undefined)
      throw new InvalidArgumentError('It must be a server and its weight, like s1=2.')
    weights.set(id, Number(value))
  }
  return weights
}

/** `10%`, `0.1`. */
export function readPart(text: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text)
  if (/^\d*\.?\d+%?$/.test(text) && value > 0) return value
  throw new InvalidArgumentError('It must be above 0, like 10% or 0.1.')
}
