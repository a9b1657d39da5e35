import { clip, LineError, TimeError } from './errors.ts'
import { commonTime, isoTime } from './time.ts'

/** A token of RFC 9110 section 5.6.2: all that a method may consist of. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
/** What ends a request target, a space or a control character of ASCII: no HTTP request can carry it. */
export const UNSENDABLE = /[^!-~\x80-\uffff]/

/** How many of a unit make a second. */
export const TIME_UNITS = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 } as const
export type TimeUnit = keyof typeof TIME_UNITS

/**
 * The unit of a bare number that is a time. As seconds, 1e11 were the year 5138 and as milliseconds 1973, so a Unix time gives its
 * unit away; any smaller number counts seconds.
 */
function unitOfTime(value: number): TimeUnit {
  const size = Math.abs(value)
  if (size < 1e11) return 's'
  if (size < 1e14) return 'ms'
  return size < 1e17 ? 'us' : 'ns'
}

/** A finite number, or undefined if the text is none. */
export function numberOf(text: string): number | undefined {
  // Most are short and whole, and those need no pattern.
  if (text.length <= 15) {
    let value = 0
    let i = 0
    for (; i < text.length; i++) {
      const digit = text.charCodeAt(i) - 48
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    if (i === text.length && i > 0) return value
  }
  if (!NUMBER.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

/** Whether a web server wrote "none". */
export function isNone(text: string | undefined): boolean {
  return text === undefined || text === '' || text === '-'
}

/** A time in seconds: a number of a unit, or a date. Each reader below throws a `LineError` that calls the value `name`. */
export function secondsOf(text: string, name: string, unit?: TimeUnit): number {
  const trimmed = text.trim()
  if (trimmed === '') throw new TimeError(`${name} is empty`)
  const number = numberOf(trimmed)
  const seconds =
    number === undefined ? dateOf(trimmed) : number / TIME_UNITS[unit ?? unitOfTime(number)]
  if (seconds >= 0) return seconds
  const rule = seconds < 0 ? 'must be at least 0' : 'must be a number of seconds or a date'
  throw complaint(name, rule, trimmed, TimeError)
}

function dateOf(text: string): number {
  const seconds = isoTime(text)
  return Number.isNaN(seconds) ? commonTime(text.replace(/^\[|\]$/g, '')) : seconds
}

export function methodOf(text: string, name: string): string {
  if (TOKEN.test(text)) return text
  throw complaint(name, 'must be an HTTP method', text)
}

export function pathOf(text: string, name: string): string {
  if (text === '') throw new LineError(`${name} is empty`)
  if (!UNSENDABLE.test(text)) return text
  throw complaint(name, 'must not hold spaces or control characters', text)
}

/** A whole number of at least 0; undefined where there is none. */
export function countOf(text: string, name: string): number | undefined {
  const value = amountOf(text, name, 'must be a whole number of at least 0')
  if (value === undefined || Number.isSafeInteger(value)) return value
  throw complaint(name, 'must be a whole number of at least 0', text)
}

/** At least 0; undefined where there is none. */
export function amountOf(
  text: string,
  name: string,
  rule = 'must be at least 0',
): number | undefined {
  const trimmed = text.trim()
  if (isNone(trimmed)) return undefined
  const value = numberOf(trimmed)
  if (value === undefined) throw complaint(name, 'must be a number', trimmed)
  if (value < 0) throw complaint(name, rule, trimmed)
  return value
}

export function complaint(
  name: string,
  rule: string,
  value: string,
  Kind: typeof LineError = LineError,
): LineError {
  return new Kind(`${clip(name)} ${rule}, got "${clip(value)}"`)
}
