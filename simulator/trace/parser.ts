import type { Expression } from './expression.ts'
import type { TraceEntry } from './trace.ts'
import type { TimeUnit } from './values.ts'

/** A line that is sound and holds no request: a header, or a connection on which none came. */
export const HEADER = Symbol('header')
export const NO_REQUEST = Symbol('no request')

/** What a reader has to be told where a trace has columns of its own. */
export interface ColumnChoice {
  /** The column, or field, that holds the time, when it has a name of its own. */
  readonly timeColumn?: string | undefined
  /** The unit of times that are bare numbers, where it is not what they look like. */
  readonly timeUnit?: TimeUnit | undefined
  /** What tells who asks. */
  readonly keyColumn?: string | undefined
  /** Gives the work, in milliseconds. */
  readonly work?: Expression | undefined
}

/** Understands the lines of one format. */
export interface LineParser {
  /** What the file calls the time. */
  readonly clock: string
  /** Whether it has used `ColumnChoice.work` itself, over columns of its own. */
  readonly worksOut: boolean
  /**
   * An entry whose `t` is in seconds, of any origin. Throws a `LineError` for a line that it cannot read, a `TraceFormatError`
   * for a file that it cannot.
   */
  parse(line: string): TraceEntry | typeof HEADER | typeof NO_REQUEST
}
