import { workOf } from './columns.ts'
import { LineError, TimeError, TraceFormatError } from './errors.ts'
import { Expression } from './expression.ts'
import { LINES_TO_TELL, parserOf, tellFormat } from './formats.ts'
import { harEntries, harEntry } from './har.ts'
import { type ColumnChoice, HEADER, type LineParser, NO_REQUEST } from './parser.ts'
import { Timeline } from './timeline.ts'
import type { BadLine, TraceEntry, TraceReport } from './trace.ts'

export interface ReaderOptions extends Omit<ColumnChoice, 'work'> {
  /** A name of `FORMAT_NAMES`, or a format string of nginx or Apache; undefined: told by the first lines. */
  readonly format?: string | undefined
  /** Milliseconds of work as an expression over columns, such as `1*ContextTokens+20*GeneratedTokens`. */
  readonly work?: string | undefined
}

/** How many bad lines are kept to be shown. */
const BAD_LINES_KEPT = 5

/** A byte order mark, decoded as UTF-8 or byte by byte. */
const MARK = /^(\ufeff|\xef\xbb\xbf)/

/** What an expression for the work may use in a format without columns. */
const TERMS = ['bytes', 'status', 'service_ms']

/**
 * Reads a trace of any format, piece by piece, and hands each entry on: a file may be larger than memory.
 *
 * Decode the file byte by byte (latin1) to have paths stay exactly as they were recorded. Times are kept to the microsecond. A line
 * that cannot be read is counted and left out.
 */
export class TraceReader implements TraceReport {
  /** What it is read as; empty until that is known. */
  format: string
  bad = 0
  badTimes = 0
  skipped = 0
  readonly badLines: BadLine[] = []
  readonly timeline = new Timeline()
  private readonly choice: ColumnChoice
  private readonly onEntry: (entry: TraceEntry) => void
  private parser: LineParser | undefined
  private lineNumber = 0
  /** A line whose end has not come yet. */
  private rest = ''
  /** The first lines, until the format is told, and then a whole HAR. */
  private held: string[] = []

  /** Throws a `TraceFormatError` for options that cannot be used. */
  constructor(options: ReaderOptions, onEntry: (entry: TraceEntry) => void) {
    const { format, work, ...columns } = options
    this.choice = { ...columns, work: work === undefined ? undefined : new Expression(work) }
    this.onEntry = onEntry
    this.format = format ?? ''
    if (format !== undefined) this.begin(format)
  }

  get entries(): number {
    return this.timeline.entries
  }

  get span(): number {
    return this.timeline.span
  }

  get ties(): number {
    return this.timeline.ties
  }

  get backwardSteps(): number {
    return this.timeline.backwardSteps
  }

  /** What the file calls the time. */
  get clock(): string {
    return this.parser?.clock ?? 'startedDateTime'
  }

  /** Takes the next piece of the text. Throws a `TraceFormatError` for what is no trace. */
  chunk(text: string): void {
    const lines = text.split('\n')
    lines[0] = this.rest + lines[0]
    this.rest = lines.pop()!
    for (let i = 0; i < lines.length; i++) this.line(lines[i])
  }

  /** Takes the next line, without its line feed. */
  line(text: string): void {
    this.lineNumber++
    if (this.lineNumber === 1) text = text.replace(MARK, '')
    if (text.endsWith('\r')) text = text.slice(0, -1)
    if (this.parser !== undefined) {
      if (text !== '') this.read(text, this.parser)
      return
    }
    this.held.push(text)
    if (this.format === '' && this.held.length >= LINES_TO_TELL) this.tell()
  }

  /**
   * After the last piece; `whole: false` if there would have been more, so that the last line is most likely none. Throws a
   * `TraceFormatError` if there was nothing at all.
   */
  end(whole = true): void {
    if (this.rest !== '' && whole) this.line(this.rest)
    this.rest = ''
    if (this.format === '') this.tell()
    if (this.parser === undefined && whole) this.readHar(this.held.join('\n'))
  }

  private tell(): void {
    const lines = this.held.filter((line) => line !== '')
    if (lines.length === 0) {
      if (this.held.length < LINES_TO_TELL) throw new TraceFormatError('the trace is empty')
      return
    }
    this.begin(tellFormat(lines, this.choice))
    if (this.parser === undefined) return
    const { held } = this
    this.held = []
    this.lineNumber -= held.length
    for (const line of held) this.line(line)
  }

  private begin(format: string): void {
    this.format = format
    this.parser = parserOf(format, this.choice)
    const { work } = this.choice
    if (work === undefined || this.parser?.worksOut === true) return
    const unknown = work.names.find((name) => !TERMS.includes(name))
    if (unknown === undefined) return
    throw new TraceFormatError(
      `the expression for the work speaks of "${unknown}"; such a trace has ${TERMS.join(', ')}`,
    )
  }

  private read(text: string, parser: LineParser): void {
    try {
      const entry = parser.parse(text)
      if (entry === HEADER) return
      if (entry === NO_REQUEST) {
        this.skipped++
        return
      }
      if (this.choice.work !== undefined && !parser.worksOut) this.workOut(entry)
      this.pass(entry)
    } catch (error) {
      this.complain(error)
    }
  }

  private readHar(text: string): void {
    const entries = harEntries(text)
    this.lineNumber = 0
    for (const each of entries) {
      this.lineNumber++
      try {
        const entry = harEntry(each)
        if (this.choice.work !== undefined) this.workOut(entry)
        this.pass(entry)
      } catch (error) {
        this.complain(error)
      }
    }
  }

  private pass(entry: TraceEntry): void {
    // Only a line that is good in every field may set the origin or count as the one before.
    entry.t = this.timeline.place(entry.t)
    this.onEntry(entry)
  }

  private workOut(entry: TraceEntry): void {
    const work = this.choice.work!
    const values = work.names.map((name) => {
      const value = name === 'bytes' ? entry.bytes : name === 'status' ? entry.status : entry.work
      if (value === undefined) throw new LineError(`there is no ${name}`)
      return value
    })
    entry.work = workOf(work.value(values))
  }

  private complain(error: unknown): void {
    if (!(error instanceof LineError)) throw error
    this.bad++
    if (error instanceof TimeError) this.badTimes++
    if (this.badLines.length >= BAD_LINES_KEPT) return
    this.badLines.push({ line: this.lineNumber, reason: error.message })
  }
}

/** Reads a whole trace at once. */
export function readTrace(
  text: string,
  options: ReaderOptions = {},
): { entries: TraceEntry[]; report: TraceReader } {
  const entries: TraceEntry[] = []
  const report = new TraceReader(options, (entry) => entries.push(entry))
  report.chunk(text)
  report.end()
  return { entries, report }
}
