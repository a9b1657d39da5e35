import { type Command, InvalidArgumentError, Option } from 'commander'
import { didYouMean } from '../../proxy/core/did-you-mean.ts'
import { FORMAT_NAMES, isFormatString } from '../../simulator/trace/formats.ts'
import type { ReaderOptions } from '../../simulator/trace/reader.ts'
import { TIME_UNITS, type TimeUnit } from '../../simulator/trace/values.ts'
import { readShare } from '../live/options.ts'

/** How a trace is to be read: what all verbs about traces take. */
export interface ReadFlags {
  readonly logFormat?: string
  readonly timeColumn?: string
  readonly timeUnit?: TimeUnit
  readonly keyColumn?: string
  readonly work?: string
  /** The share of lines that may be bad. */
  readonly maxBad: number
}

export interface ReportFlags extends ReadFlags {
  readonly format: 'human' | 'json'
}

/** A share of bad lines above which a file is most likely not what it was taken for. */
const MOST_BAD = 0.01

/** Gives a verb the flags of `ReadFlags`. */
export function addReadFlags(command: Command): Command {
  return command
    .option(
      '--log-format <format>',
      `how it is written: ${FORMAT_NAMES.join(', ')}, or a format string of nginx or Apache (default: told by its first lines)`,
      readLogFormat,
    )
    .option('--time-column <name>', 'the column, field or variable with the time')
    .addOption(
      new Option(
        '--time-unit <unit>',
        'of times that are bare numbers (default: by their size)',
      ).choices(Object.keys(TIME_UNITS)),
    )
    .option('--key-column <name>', 'the one that says who asks')
    .option(
      '--work <expression>',
      'milliseconds of work, worked out from columns: "1*ContextTokens+20*GeneratedTokens"',
    )
    .addOption(
      new Option('--max-bad <share>', 'how many of its lines may be unreadable: 0.05 or 5%')
        .default(MOST_BAD, '1%')
        .argParser(readShare),
    )
}

export function readerOptions(flags: ReadFlags): ReaderOptions {
  const { keyColumn, logFormat, timeColumn, timeUnit, work } = flags
  return { format: logFormat, keyColumn, timeColumn, timeUnit, work }
}

function readLogFormat(text: string): string {
  if (isFormatString(text)) return text
  const format = FORMAT_NAMES.find((name) => name === text.toLowerCase())
  if (format !== undefined) return format
  const meant = didYouMean(text, FORMAT_NAMES)
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
  throw new InvalidArgumentError(
    `There are: ${FORMAT_NAMES.join(', ')}, and format strings like '%h %l %u %t "%r" %>s %b %D'.${hint}`,
  )
}

/** How it is told. */
export function reportFormat(): Option {
  return new Option('--format <format>', 'how to tell').choices(['human', 'json']).default('human')
}

/** Milliseconds of each. */
export const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** Milliseconds from the first request: `0s`, `90s`, `1.5h`, `2d`. */
export function readMoment(text: string): number {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text)
  if (parts !== null) return Number(parts[1]) * UNITS[parts[2]]
  throw new InvalidArgumentError('It must be a time from the first request on, like 90s, 5m or 2h.')
}
