import { InvalidArgumentError } from 'commander'
import { FORMATS, type Format } from './formats.ts'

export { readWhole } from '../live/options.ts'

/** What `evenkeel check` was asked for. */
export interface CheckFlags {
  readonly seed: number
  readonly runs: number
  readonly law?: readonly string[]
  readonly format: Format
  readonly out?: string
}

export function readFormat(text: string): Format {
  const format = FORMATS.find((each) => each === text)
  if (format === undefined) throw new InvalidArgumentError(`There are: ${FORMATS.join(', ')}.`)
  return format
}

/** `--law turn --law smooth`, or `--law turn,smooth`. */
export function readLaws(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split(',').map((word) => word.trim())]
}
