import { count, milliseconds, plural } from '../../simulator/format.ts'
import { about } from '../../simulator/statistics/verdict.ts'
import type { Evidence } from './evidence.ts'
import type { Kind } from './figures.ts'
import type { Operator, Threshold } from './threshold.ts'

/** What a threshold came to. */
export interface Ruling {
  readonly verdict: 'pass' | 'fail' | 'undecided'
  readonly value: number
  readonly low: number
  readonly high: number
  /** How many more replications or requests would probably decide; 0 unless it is undecided. */
  readonly more: number
  readonly of: Evidence['of']
}

/**
 * Holds what was seen to a threshold. It passes, or fails, only if all of the interval does; otherwise nobody can say yet. A share of none
 * or of all (`errors <= 0%`) cannot be shown of the next request by any number of them: it is asked of those there were.
 */
export function judge({ figure, limit, operator }: Threshold, evidence: Evidence): Ruling {
  const { of, value } = evidence
  const literal = figure.kind === 'share' && (limit === 0 || limit === 1)
  const [low, high] = literal ? [value, value] : [evidence.low, evidence.high]
  const found = { value, low, high, of }
  const [best, worst] = operator.startsWith('<') ? [low, high] : [high, low]
  if (HOLDS[operator](worst, limit)) return { ...found, verdict: 'pass', more: 0 }
  if (!HOLDS[operator](best, limit)) return { ...found, verdict: 'fail', more: 0 }
  return { ...found, verdict: 'undecided', more: Math.max(1, evidence.more(limit)) }
}

const HOLDS: Readonly<Record<Operator, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
}

/** What was seen, with its interval: `105 ms (98.2–112)`. Of few values Student's reaches to where nothing can be; that is not told. */
export function seenText({ of, value, ...found }: Ruling, kind: Kind): string {
  const low = found.low > -Infinity && value >= 0 ? Math.max(0, found.low) : found.low
  const high = kind === 'index' && value <= 1 ? Math.min(1, found.high) : found.high
  const text = `${figureText(value, kind)}${SUFFIXES[kind]}`
  const nothing = low === -Infinity && high === Infinity
  if (of === 'nothing' || nothing || (low === value && high === value)) return text
  return `${text} (${low === -Infinity ? '' : figureText(low, kind)}–${high === Infinity ? '' : figureText(high, kind)})`
}

/** Of one that is undecided: `needs about 40 more replications`. */
export function moreText({ more, of }: Ruling): string {
  if (of === 'nothing' || !Number.isFinite(more))
    return 'too near to tell, however many more there are'
  return `needs about ${plural(about(more), `more ${of}`)}`
}

const SUFFIXES: Readonly<Record<Kind, string>> = {
  time: ' ms',
  share: ' %',
  index: '',
  rate: '/s',
  count: '',
}

function figureText(value: number, kind: Kind): string {
  if (kind === 'time') return milliseconds(value)
  if (kind === 'share') return share(value * 100)
  if (kind === 'index') return value.toFixed(4)
  return kind === 'rate' && value < 100 ? value.toFixed(1) : count(value)
}

/** What is not none is not rounded to none. */
function share(percent: number): string {
  const size = Math.abs(percent)
  if (size === 0 || size >= 10) return percent.toFixed(1)
  return size >= 0.1 ? percent.toFixed(2) : percent.toPrecision(2)
}
