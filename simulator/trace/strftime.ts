import { TraceFormatError } from './errors.ts'
import type { FieldKind } from './log-fields.ts'
import { daysSince1970 } from './time.ts'

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'
/** What stands for several others. */
const SHORT: Readonly<Record<string, string>> = {
  T: '%H:%M:%S',
  R: '%H:%M',
  F: '%Y-%m-%d',
  D: '%m/%d/%y',
}
const PATTERNS: Readonly<Record<string, string>> = {
  Y: String.raw`\d{4}`,
  y: String.raw`\d\d`,
  m: String.raw`\d\d`,
  b: '[A-Z][a-z]{2}',
  h: '[A-Z][a-z]{2}',
  d: String.raw`\d\d`,
  e: String.raw`[ \d]\d`,
  H: String.raw`\d\d`,
  M: String.raw`\d\d`,
  S: String.raw`\d\d`,
  z: String.raw`[+-]\d{4}`,
  s: String.raw`\d+`,
  a: '[A-Z][a-z]{2}',
  Z: '[A-Z]+',
}

/**
 * Apache's `%{…}t` with a format of strftime (POSIX), in its usual parts. Of several such fields each adds its seconds: the date, the time of day,
 * the zone. So `%{%d/%b/%Y:%T}t.%{msec_frac}t %{%z}t` is one time. Throws a `TraceFormatError`.
 */
export function strftime(format: string): FieldKind {
  const letters: string[] = []
  const whole = format.replaceAll(/%([TRFD])/g, (_, letter: string) => SHORT[letter])
  const pattern = whole.replaceAll(/%(.)|[^%]+/gs, (text, letter: string | undefined) => {
    if (letter === undefined || letter === '%') return RegExp.escape(letter ?? text)
    if (!Object.hasOwn(PATTERNS, letter)) {
      throw new TraceFormatError(`the time %{${format}}t has %${letter}, which cannot be read`)
    }
    letters.push(letter)
    return `(${PATTERNS[letter]})`
  })
  const matcher = new RegExp(`^${pattern}$`)
  const dated = ['d', 'e'].some((day) => letters.includes(day))
  return {
    role: 'part',
    pattern: pattern.replaceAll(/\((?!\?)/g, '(?:'),
    dated: dated || letters.includes('s'),
    seconds: (text) => {
      const found = matcher.exec(text)
      const parts = new Map(letters.map((letter, i) => [letter, found?.[i + 1] ?? '']))
      return secondsOf(parts, dated)
    },
  }
}

function secondsOf(parts: ReadonlyMap<string, string>, dated: boolean): number {
  const number = (...letters: string[]): number => {
    const letter = letters.find((each) => parts.has(each))
    return letter === undefined ? 0 : Number(parts.get(letter))
  }
  let seconds = number('s') + number('H') * 3600 + number('M') * 60 + number('S')
  if (dated) {
    const name = parts.get('b') ?? parts.get('h')
    const month = name === undefined ? number('m') : MONTHS.indexOf(name) / 3 + 1
    const year = parts.has('y') ? 2000 + number('y') : number('Y')
    seconds += daysSince1970(year, month, number('d', 'e')) * 86_400
  }
  const zone = parts.get('z')
  if (zone === undefined) return seconds
  const offset = Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(3)) * 60
  return zone.startsWith('-') ? seconds + offset : seconds - offset
}
