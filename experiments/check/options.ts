import { InvalidArgumentError } from 'commander'
import { readWhole } from '../live/options.ts'
import { FORMATS, type Format } from './formats.ts'

export { readWhole } from '../live/options.ts'

/** Where --until-decided gives up, unless told otherwise. */
export const MOST_REPS = 200
/** One says nothing of how much they differ. */
export const readReps = readWhole(2, 100_000)

/** What `evenkeel check` was asked for. */
export interface CheckFlags {
  /** Undefined: what the gate file, or the scenario, says. */
  readonly seed?: number
  readonly runs: number
  readonly law?: readonly string[]
  readonly format: Format
  readonly out?: string
  /** The rest is for gate files. */
  readonly only?: readonly string[]
  readonly reps?: number
  readonly untilDecided?: true
  readonly maxReps?: number
  readonly baseline?: string
  readonly saveBaseline?: string
  readonly threads?: number
}

export function readFormat(text: string): Format {
  const format = FORMATS.find((each) => each === text)
  if (format === undefined) throw new InvalidArgumentError(`There are: ${FORMATS.join(', ')}.`)
  return format
}

/** `--only one --only two`; names of scenarios may have commas in them. */
export function readOnly(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

/** `--law turn --law smooth`, or `--law turn,smooth`. */
export function readLaws(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split(',').map((word) => word.trim())]
}
