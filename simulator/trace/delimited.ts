import { Columns, LineError, TraceFormatError } from './columns.ts'
import { type FieldSplitter, splitCommas, splitTabs } from './fields.ts'
import type { BadLine, TraceEntry, TraceReport } from './trace.ts'

export interface DelimitedOptions {
  /** The column that holds the time in seconds, when it has a name of its own. */
  timeColumn?: string
}

/** How many bad lines are kept to be shown. */
const BAD_LINES_KEPT = 5

/** A byte order mark, decoded as UTF-8 or byte by byte. */
const MARK = /^(\ufeff|\xef\xbb\xbf)/

/**
 * Reads a trace of comma- or tab-separated lines under a header line: fed line by line, so a file may be larger than memory.
 *
 * Decode the file byte by byte (latin1) to have paths stay exactly as they were recorded. Times are seconds, of any origin; they
 * are kept to the microsecond. Columns that are not known are ignored, a line that cannot be read is counted and left out.
 */
export class DelimitedReader implements TraceReport {
  entries = 0
  span = 0
  ties = 0
  backwardSteps = 0
  bad = 0
  readonly badLines: BadLine[] = []
  private readonly timeColumn: string | undefined
  private lineNumber = 0
  private split: FieldSplitter = splitCommas
  private columns: Columns | undefined = undefined
  private origin = 0
  private previous = 0

  constructor(options: DelimitedOptions = {}) {
    this.timeColumn = options.timeColumn
  }

  /**
   * Takes the next line, without its line feed. Undefined for the header, for an empty line and for a bad one. Throws a
   * `TraceFormatError` for a header without a time.
   */
  line(text: string): TraceEntry | undefined {
    this.lineNumber++
    if (this.lineNumber === 1) text = text.replace(MARK, '')
    if (text.endsWith('\r')) text = text.slice(0, -1)
    if (text === '') return undefined
    if (this.columns === undefined) {
      this.columns = this.header(text)
      return undefined
    }
    try {
      return this.read(text, this.columns)
    } catch (error) {
      if (!(error instanceof LineError)) throw error
      this.bad++
      if (this.badLines.length < BAD_LINES_KEPT) {
        this.badLines.push({ line: this.lineNumber, reason: error.message })
      }
      return undefined
    }
  }

  /** After the last line. Throws a `TraceFormatError` if there was not even a header. */
  end(): void {
    if (this.columns === undefined) throw new TraceFormatError('the trace is empty')
  }

  private header(text: string): Columns {
    this.split = text.includes('\t') ? splitTabs : splitCommas
    const fields = this.split(text)
    if (typeof fields === 'string') throw new TraceFormatError(`in the header, ${fields}`)
    return new Columns(fields, this.timeColumn)
  }

  private read(text: string, columns: Columns): TraceEntry {
    const fields = this.split(text)
    if (typeof fields === 'string') throw new LineError(fields)
    if (fields.length !== columns.width) {
      throw new LineError(`${fields.length} fields where the header has ${columns.width}`)
    }
    const seconds = columns.seconds(fields)
    const entry: TraceEntry = {
      t: 0,
      method: columns.method(fields),
      path: columns.path(fields),
      key: columns.key(fields),
      bytes: columns.count(fields, 'bytes'),
      status: columns.count(fields, 'status'),
      work: columns.amount(fields, 'work'),
    }
    // Only a line that is good in every field may set the origin or count as the one before.
    entry.t = this.place(seconds)
    return entry
  }

  /** Milliseconds since the first entry. A difference of Unix times is good to a microsecond, and rounded to it. */
  private place(seconds: number): number {
    if (this.entries === 0) this.origin = seconds
    const t = Math.round((seconds - this.origin) * 1e6) / 1e3
    if (this.entries > 0) {
      if (t === this.previous) this.ties++
      else if (t < this.previous) this.backwardSteps++
    }
    this.entries++
    this.previous = t
    if (t > this.span) this.span = t
    return t
  }
}

/** Reads a whole trace at once. */
export function readDelimited(
  text: string,
  options: DelimitedOptions = {},
): { entries: TraceEntry[]; report: TraceReport } {
  const report = new DelimitedReader(options)
  const entries: TraceEntry[] = []
  for (const line of text.split('\n')) {
    const entry = report.line(line)
    if (entry !== undefined) entries.push(entry)
  }
  report.end()
  return { entries, report }
}
