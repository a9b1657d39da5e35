import { type Figure, figureOf, type Kind } from './figures.ts'

export type Operator = '<' | '<=' | '>' | '>='

/** What a figure must be: `p99 < 250ms`. */
export interface Threshold {
  /** As it is written, with the blanks where they belong. */
  readonly text: string
  readonly figure: Figure
  readonly operator: Operator
  /** Milliseconds, a share from 0 to 1, a number a second, or a number. */
  readonly limit: number
}

/** A text that is no threshold, and where in it: the message says the column, `at` counts from 0. */
export class ThresholdError extends Error {
  override readonly name = 'ThresholdError'
  readonly reason: string
  readonly at: number

  constructor(reason: string, at: number) {
    super(`${reason} (column ${at + 1})`)
    this.reason = reason
    this.at = at
  }
}

const PARTS = /^(\s*)([^<>=≤≥!\s]+(?:\s*\([^)]*\))?)(\s*)([<>=≤≥!]+)(\s*)(.*?)\s*$/
const MEANT: Readonly<Record<string, Operator>> = {
  '<': '<',
  '<=': '<=',
  '≤': '<=',
  '>': '>',
  '>=': '>=',
  '≥': '>=',
}

/** Reads `FIGURE < VALUE`, where the operator may be <=, > or >= as well. Throws a `ThresholdError`. */
export function readThreshold(text: string): Threshold {
  // Alone it means what it says: no two strategies are ranked the other way round.
  const parts = PARTS.exec(text.trim() === 'twin.ranking' ? `${text.trimEnd()} >= 1` : text)
  if (parts === null) {
    const at = text.length - text.trimStart().length
    throw new ThresholdError('a threshold is like p99 < 250ms, errors < 1% or fairness > 0.99', at)
  }
  const [, before, name, gap, sign, space, value] = parts
  let at = before.length
  const figure = figureOf(name.replaceAll(/\s/g, ''))
  if (typeof figure === 'string') throw new ThresholdError(figure, at)
  at += name.length + gap.length
  const operator = MEANT[sign]
  if (operator === undefined)
    throw new ThresholdError(
      `${sign} is none of <, <=, >, >=: what is measured is never exactly something`,
      at,
    )
  at += sign.length + space.length
  const limit = READERS[figure.kind](value)
  if (typeof limit === 'string') throw new ThresholdError(limit, at)
  const idle = idleness(figure, operator, limit)
  if (idle !== undefined) throw new ThresholdError(idle, at)
  return {
    text: `${figure.name} ${operator} ${value.replaceAll(/\s/g, '')}`,
    figure,
    operator,
    limit,
  }
}

const NUMBER = /^(-?\d*\.?\d+(?:e-?\d+)?)\s*(.*)$/i
const TIMES: Readonly<Record<string, number>> = { us: 0.001, µs: 0.001, ms: 1, s: 1000, m: 60_000 }

/** The value, or what is wrong with it. */
const READERS: Readonly<Record<Kind, (text: string) => number | string>> = {
  time(text) {
    const [number, unit] = split(text)
    if (number === undefined) return missing(text, 'a time like 250ms or 1.5s')
    if (unit === '') return `${text} has no unit: a time is written ${text}ms or ${text}s`
    const scale = TIMES[unit]
    if (scale === undefined)
      return `${JSON.stringify(unit)} is no unit of time: there are us, ms, s and m`
    // So that 0.25s and 250ms are the same number.
    return Number((number * scale).toPrecision(15))
  },
  share(text) {
    const [number, unit] = split(text)
    if (number === undefined) return missing(text, 'a share like 1% or 0.01')
    if (unit !== '' && unit !== '%')
      return `${JSON.stringify(unit)} is no unit of a share: it is written 1% or 0.01`
    if (unit === '' && number >= 1)
      return `${text} of what? A share is written ${text}%, or below 1 like 0.01`
    return unit === '%' ? Number((number / 100).toPrecision(15)) : number
  },
  index(text) {
    const [number, unit] = split(text)
    if (number === undefined) return missing(text, 'a number from 0 to 1 like 0.99')
    if (unit !== '' && unit !== '%')
      return `${JSON.stringify(unit)} fits no index: it is a number from 0 to 1 like 0.99`
    return unit === '%' ? Number((number / 100).toPrecision(15)) : number
  },
  rate(text) {
    const [number, unit] = split(text)
    if (number === undefined) return missing(text, 'a number a second like 100 or 100/s')
    if (unit === '' || unit === '/s') return number
    return `${JSON.stringify(unit)} fits no rate: it is a number a second like 100 or 100/s`
  },
  count(text) {
    const [number, unit] = split(text)
    if (number === undefined) return missing(text, 'a number like 1000')
    return unit === '' ? number : `${JSON.stringify(unit)} fits no number: it is written 1000`
  },
}

function split(text: string): [number | undefined, string] {
  const [, digits, unit = ''] = NUMBER.exec(text) ?? []
  return [digits === undefined ? undefined : Number(digits), unit]
}

function missing(text: string, example: string): string {
  return text === '' ? `there must be ${example}` : `${JSON.stringify(text)} is not ${example}`
}

const BOUNDED: readonly Kind[] = ['share', 'index']

/** What could never fail, or never hold, was not meant. What retries and errors of a prediction come to may well be above 1. */
function idleness(
  { kind, name, scope, what }: Figure,
  operator: Operator,
  limit: number,
): string | undefined {
  const error = scope === 'twin' && kind === 'share'
  const most = BOUNDED.includes(kind) && what !== 'retries' && !error ? 1 : Infinity
  if (limit < 0) return `${name} is never below 0`
  if (limit > most) return `${name} is never above ${kind === 'share' ? '100%' : '1'}`
  if (limit === 0 && (operator === '<' || operator === '>='))
    return operator === '<'
      ? `${name} is never below 0: to allow none, write <= 0`
      : `${name} is always at least 0`
  if (limit === most && (operator === '>' || operator === '<='))
    return `${name} is ${operator === '>' ? 'never above' : 'always at most'} ${kind === 'share' ? '100%' : '1'}`
  return undefined
}
