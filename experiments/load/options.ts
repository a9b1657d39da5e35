import { InvalidArgumentError } from 'commander'
import { readSeconds } from '../sim/options.ts'
import { FORMATS, type Format } from './formats.ts'

export { collect, readSpeed, readWhole } from '../live/options.ts'

/** What `evenkeel load` was asked for. */
export interface LoadFlags {
  readonly arrivals?: string
  readonly rate?: number
  readonly users?: number
  readonly think?: string
  readonly trace?: string
  readonly speed?: number
  readonly behaviour?: string
  readonly method?: string
  readonly path?: readonly string[]
  readonly header?: readonly string[]
  readonly body?: string
  /** Milliseconds, all of them. */
  readonly duration?: number
  readonly warmup?: number
  readonly timeout: number
  readonly maxLateness?: number
  readonly seed: number
  readonly connections?: number
  readonly maxInFlight: number
  readonly keepAlive: boolean
  readonly insecure?: true
  readonly ca?: string
  readonly serverHeader: string
  /** Requests before the run, to a server of our own. */
  readonly rehearsal: number
  readonly findCeiling?: true
  readonly threshold?: readonly string[]
  readonly format: Format
  readonly out?: string
}

export const DEFAULT_REHEARSAL = 5000
export const DEFAULT_RATE = 100
export const DEFAULT_DURATION = 30_000
const FASTEST = 1_000_000

export function readFormat(text: string): Format {
  const format = FORMATS.find((each) => each === text)
  if (format === undefined) throw new InvalidArgumentError(`There are: ${FORMATS.join(', ')}.`)
  return format
}

export function readRate(text: string): number {
  const value = Number(text)
  if (/^\d*\.?\d+$/.test(text) && value > 0 && value <= FASTEST) return value
  throw new InvalidArgumentError(`It must be above 0 and at most ${FASTEST}, requests a second.`)
}

/** A time from the start, 0 included. What is measured for the first time has no level that could be found beforehand. */
export function readWarmup(text: string): number {
  if (text === 'auto')
    throw new InvalidArgumentError('auto is for simulated runs; here it is a time like 5s, or 0.')
  return /^0(\.0*)? ?(ms|s|m|h|d)?$/.test(text) ? 0 : readSeconds(text)
}

export function readHeader(text: string, before: readonly string[] = []): readonly string[] {
  if (/^[!#$%&'*+.^_`|~\w-]+:/.test(text) && !/[\r\n]/.test(text)) return [...before, text]
  throw new InvalidArgumentError('It must be like "Accept: text/html".')
}

export function readHeaderName(text: string): string {
  if (/^[!#$%&'*+.^_`|~\w-]+$/.test(text)) return text.toLowerCase()
  throw new InvalidArgumentError('It must be the name of a header, like x-served-by.')
}

export function readMethod(text: string): string {
  if (/^[A-Z]+$/.test(text)) return text
  throw new InvalidArgumentError('It must be a method in capitals, like GET or POST.')
}

export function readPath(text: string, before: readonly string[] = []): readonly string[] {
  if (/^\/[^\s]*$/.test(text)) return [...before, text]
  throw new InvalidArgumentError('It must begin with / and have no blanks.')
}
