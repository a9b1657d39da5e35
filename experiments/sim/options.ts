import { InvalidArgumentError } from 'commander'
import { LONGEST } from '../../simulator/check/kinds.ts'
import { readWhole } from '../live/options.ts'
import { type ReadFlags, UNITS } from '../trace/options.ts'
import { FORMATS, type Format } from './formats.ts'
import { splitList } from './strategy-list.ts'

export { readSpeed, readWhole } from '../live/options.ts'

/** What `evenkeel sim` was asked for. */
export interface SimFlags extends ReadFlags {
  readonly strategy?: readonly string[]
  readonly reps: number
  /** A share: 0.01 for 1 %. */
  readonly untilPrecise?: number
  readonly maxReps: number
  /** Milliseconds of virtual time, all of them. */
  readonly warmup?: 'auto' | number
  readonly duration?: number
  readonly seed?: number
  /** A file with recorded requests. */
  readonly trace?: string
  readonly servers?: number
  readonly speed?: number
  readonly spread?: true
  readonly threads?: number
  readonly format: Format
  readonly out?: string
  readonly list?: true
  /** The file to write, or true for a name of our own. */
  readonly init?: string | true
}

export const DEFAULT_REPS = 10
/** Where `--until-precise` gives up, unless told otherwise. */
export const MOST_REPS = 1000

export const readReps = readWhole(1, 100_000)

export function readFormat(text: string): Format {
  const format = FORMATS.find((each) => each === text)
  if (format === undefined) throw new InvalidArgumentError(`There are: ${FORMATS.join(', ')}.`)
  return format
}

/** `--strategy a,b`, or `--strategy a --strategy b`; commas inside of braces belong to options. */
export function readStrategies(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...splitList(text)]
}

/** Milliseconds of `500ms`, `30s`, `2m`, `1h`, `1d`, or of `30`, in seconds. Virtual time costs nobody a day. */
export function readSeconds(text: string): number {
  const [, number, unit = 's'] = /^(\d*\.?\d+) ?(ms|s|m|h|d)?$/.exec(text.trim()) ?? []
  const value = Number(number) * UNITS[unit]
  if (value > 0 && value <= LONGEST) return value
  throw new InvalidArgumentError('It must be above 0, like 500ms, 30s, 5m, 2h or 1d.')
}

/** `auto`, or a time from the start, 0 included. */
export function readWarmup(text: string): 'auto' | number {
  if (text === 'auto') return text
  return /^0(\.0*)? ?(ms|s|m|h|d)?$/.test(text) ? 0 : readSeconds(text)
}

/** `1%`, or `0.01`. */
export function readPrecision(text: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text)
  if (/^\d*\.?\d+%?$/.test(text) && value > 0 && value < 1) return value
  throw new InvalidArgumentError('It must be above 0 and below 100 %, like 1% or 0.01.')
}
