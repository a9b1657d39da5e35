import { Columns } from './columns.ts'
import { LineError, TraceFormatError } from './errors.ts'
import { type FieldSplitter, splitCommas, splitTabs } from './fields.ts'
import { type ColumnChoice, HEADER, type LineParser } from './parser.ts'
import type { TraceEntry } from './trace.ts'

/** Comma- or tab-separated lines under a header line. Columns that are not known are ignored. */
export class DelimitedParser implements LineParser {
  readonly worksOut = true
  private readonly choice: ColumnChoice
  private split: FieldSplitter | undefined
  private columns: Columns | undefined = undefined

  /** Without a splitter the header tells: one that holds a tab is tab-separated. */
  constructor(choice: ColumnChoice, split?: FieldSplitter) {
    this.choice = choice
    this.split = split
  }

  get clock(): string {
    return this.columns?.clock ?? ''
  }

  parse(line: string): TraceEntry | typeof HEADER {
    if (this.columns === undefined) {
      this.columns = this.header(line)
      return HEADER
    }
    const fields = this.split!(line)
    if (typeof fields === 'string') throw new LineError(fields)
    if (fields.length !== this.columns.width) {
      throw new LineError(`${fields.length} fields where the header has ${this.columns.width}`)
    }
    return this.columns.entry(fields)
  }

  private header(text: string): Columns {
    this.split ??= text.includes('\t') ? splitTabs : splitCommas
    const fields = this.split(text)
    if (typeof fields === 'string') throw new TraceFormatError(`in the header, ${fields}`)
    return new Columns(fields, this.choice)
  }
}
