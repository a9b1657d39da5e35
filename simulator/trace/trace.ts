import type { Outcome } from '../../proxy/core/recorder.ts'

/** One try at one server, as a log has it. Times are milliseconds. */
export interface LoggedAttempt {
  readonly server: string
  readonly outcome: Outcome
  /** From when the request came. */
  readonly start: number
  /** From its start until the server had it, and until it was over. */
  readonly connect: number
  readonly total: number
}

/** One recorded request. */
export interface TraceEntry {
  /** Milliseconds since the trace's first entry; below 0 only where the trace steps back before it. */
  t: number
  method: string
  /** The request target as it was recorded, byte for byte. */
  path: string
  /** What a keyed strategy hashes: the client. Empty when the trace does not say. */
  key: string
  /** The size of the answer. */
  bytes?: number | undefined
  status?: number | undefined
  /** Milliseconds of service. */
  work?: number | undefined
  /** Milliseconds from when it came until it was answered. */
  took?: number | undefined
  /** Who served it. */
  server?: string | undefined
  /** How it ended, and every try, where a log says so. */
  outcome?: Outcome | undefined
  attempts?: readonly LoggedAttempt[] | undefined
}

/** A line that could not be read, and why. */
export interface BadLine {
  /** Counts from 1; the header is line 1. Of a HAR, the number of its entry. */
  line: number
  reason: string
}

/** What there is to say about a trace besides its entries. */
export interface TraceReport {
  entries: number
  /** Milliseconds from the earliest entry to the latest. */
  span: number
  /** Entries at the very time of the entry before. */
  ties: number
  /** Entries before the time of the entry before. */
  backwardSteps: number
  /** Lines on which no request came: connections that were cut off, or that spoke no HTTP. */
  skipped: number
  /** How many lines could not be read, and the first few of them. */
  bad: number
  badLines: BadLine[]
  /** How many of them for a time that is none, or below 0. */
  badTimes: number
}
