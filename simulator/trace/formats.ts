import { NAMES } from './columns.ts'
import { DelimitedParser } from './delimited.ts'
import { clip, TraceFormatError } from './errors.ts'
import { splitCommas, splitTabs } from './fields.ts'
import { HaproxyParser, isHaproxy } from './haproxy.ts'
import { JsonLinesParser } from './json-lines.ts'
import { COMBINED_LOG, COMMON_LOG } from './log-format.ts'
import { LogParser } from './log-parser.ts'
import { OwnLogParser } from './own-log.ts'
import type { ColumnChoice, LineParser } from './parser.ts'

/** Every way in which a trace can be written, but for format strings. Cheap to print: help texts list them. */
export const FORMAT_NAMES = [
  'csv',
  'tsv',
  'ndjson',
  'common',
  'combined',
  'vhost_combined',
  'haproxy',
  'evenkeel',
  'har',
] as const
export type FormatName = (typeof FORMAT_NAMES)[number]

/** How many lines a format is told by. */
export const LINES_TO_TELL = 20

/** Whether it is a format string of nginx or Apache. */
export function isFormatString(text: string): boolean {
  return /[$%]/.test(text)
}

/** Undefined for a HAR, which has no lines. Throws a `TraceFormatError` for a format string that cannot be used. */
export function parserOf(format: string, choice: ColumnChoice): LineParser | undefined {
  switch (format as FormatName) {
    case 'csv':
      return new DelimitedParser(choice, splitCommas)
    case 'tsv':
      return new DelimitedParser(choice, splitTabs)
    case 'ndjson':
      return new JsonLinesParser(choice)
    case 'common':
      return new LogParser(COMMON_LOG, choice, true)
    case 'combined':
      return new LogParser(COMBINED_LOG, choice, true)
    case 'vhost_combined':
      return new LogParser(`%v:%p ${COMBINED_LOG}`, choice, true)
    case 'haproxy':
      return new HaproxyParser()
    case 'evenkeel':
      return new OwnLogParser()
    case 'har':
      return undefined
    default:
      if (isFormatString(format)) return new LogParser(format, choice)
      throw new TraceFormatError(`there is no format "${clip(format)}": ${FORMAT_NAMES.join(', ')}`)
  }
}

/** Tells by its first lines, none of them empty, how a trace is written. Throws a `TraceFormatError`. */
export function tellFormat(lines: readonly string[], choice: ColumnChoice): FormatName {
  const [first] = lines
  if (first.trimStart().startsWith('{')) return tellJson(first)
  const most = (isOne: (line: string) => boolean): boolean =>
    lines.filter(isOne).length * 2 > lines.length
  if (most(isHaproxy)) return 'haproxy'
  for (const format of ['vhost_combined', 'combined', 'common'] as const) {
    const parser = parserOf(format, {})!
    if (most((line) => parses(parser, line))) return format
  }
  const format = first.includes('\t') ? 'tsv' : 'csv'
  try {
    parserOf(format, choice)!.parse(first)
    return format
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error
    // One field, or several with odd names, is no header that just lacks a column.
    const names = first.split(format === 'tsv' ? '\t' : ',').map((name) => name.trim())
    const header = names.length > 1 && names.every((name) => /^"?[A-Za-z_][\w .-]*"?$/.test(name))
    if (header) throw error
    throw new TraceFormatError(
      `nobody can tell how it is written, say it with --log-format; it begins: "${clip(first)}"`,
    )
  }
}

function tellJson(first: string): FormatName {
  try {
    const value = JSON.parse(first) as Record<string, unknown>
    if (typeof value['log'] === 'object') return 'har'
    return Array.isArray(value['attempts']) && !NAMES.path.some((name) => name in value)
      ? 'evenkeel'
      : 'ndjson'
  } catch {
    // The document goes on in the next line.
    return 'har'
  }
}

function parses(parser: LineParser, line: string): boolean {
  try {
    parser.parse(line)
    return true
  } catch {
    return false
  }
}
