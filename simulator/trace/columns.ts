import { clip, LineError, TraceFormatError } from './errors.ts'
import type { ColumnChoice } from './parser.ts'
import type { TraceEntry } from './trace.ts'
import {
  amountOf,
  complaint,
  countOf,
  isNone,
  methodOf,
  numberOf,
  pathOf,
  secondsOf,
  type TimeUnit,
} from './values.ts'

/** The names a column goes by. Where a trace has several of them, the first one here counts. */
export const NAMES = {
  time: ['t', 'time', 'timestamp'],
  method: ['method'],
  path: ['path', 'url'],
  key: ['key', 'host'],
  bytes: ['bytes'],
  status: ['status', 'response'],
  work: ['service_ms'],
  server: ['server'],
} as const

/** Knows which field of a line is what, and reads it. */
export class Columns {
  /** How many fields a line has. */
  readonly width: number
  private readonly names: readonly string[]
  private readonly unit: TimeUnit | undefined
  private readonly choice: ColumnChoice
  // -1 for a column that there is not.
  private readonly time: number
  private readonly method: number
  private readonly path: number
  private readonly key: number
  private readonly bytes: number
  private readonly status: number
  private readonly service: number
  private readonly server: number
  /** The column of each name in the expression for the work, and its value in the line at hand. */
  private readonly terms: readonly number[]
  private readonly values: Float64Array

  /** Throws a `TraceFormatError` for a header without a time, or without a column that was asked for. */
  constructor(header: readonly string[], choice: ColumnChoice = {}) {
    this.width = header.length
    this.names = header.map((name) => name.trim())
    this.choice = choice
    this.unit = choice.timeUnit
    const { keyColumn, timeColumn, work } = choice
    this.time = this.place(timeColumn === undefined ? NAMES.time : [timeColumn])
    this.method = this.place(NAMES.method)
    this.path = this.place(NAMES.path)
    this.key = keyColumn === undefined ? this.place(NAMES.key) : this.required(keyColumn)
    this.bytes = this.place(NAMES.bytes)
    this.status = this.place(NAMES.status)
    this.service = this.place(NAMES.work)
    this.server = this.place(NAMES.server)
    this.terms = (work?.names ?? []).map((name) => this.required(name))
    this.values = new Float64Array(this.terms.length)
    if (this.time >= 0) return
    const wanted = timeColumn === undefined ? NAMES.time : [timeColumn]
    const times = wanted.map((name) => `"${name}"`).join(' or ')
    throw new TraceFormatError(`the header has no time column ${times}; ${this.found()}`)
  }

  /** What the file calls the time. */
  get clock(): string {
    return this.names[this.time]
  }

  entry(fields: readonly string[]): TraceEntry {
    const { names } = this
    const method = this.method < 0 ? '' : fields[this.method]
    return {
      t: secondsOf(fields[this.time], this.clock, this.unit),
      method: isNone(method) ? 'GET' : methodOf(method, names[this.method]),
      path: this.path < 0 ? '/' : pathOf(fields[this.path], names[this.path]),
      key: this.key < 0 ? '' : fields[this.key],
      bytes: this.bytes < 0 ? undefined : countOf(fields[this.bytes], names[this.bytes]),
      status: this.status < 0 ? undefined : countOf(fields[this.status], names[this.status]),
      work: this.work(fields),
      server: this.server < 0 ? undefined : fields[this.server].trim() || undefined,
    }
  }

  private work(fields: readonly string[]): number | undefined {
    const { work } = this.choice
    if (work === undefined)
      return this.service < 0 ? undefined : amountOf(fields[this.service], this.names[this.service])
    for (let i = 0; i < this.terms.length; i++) {
      const text = fields[this.terms[i]].trim()
      const value = numberOf(text)
      if (value === undefined) throw complaint(this.names[this.terms[i]], 'must be a number', text)
      this.values[i] = value
    }
    return workOf(work.value(this.values))
  }

  private place(names: readonly string[]): number {
    const lower = this.names.map((name) => name.toLowerCase())
    for (const name of names) {
      const exact = this.names.indexOf(name)
      const place = exact >= 0 ? exact : lower.indexOf(name.toLowerCase())
      if (place >= 0) return place
    }
    return -1
  }

  private required(name: string): number {
    const place = this.place([name])
    if (place >= 0) return place
    throw new TraceFormatError(`the header has no column "${name}"; ${this.found()}`)
  }

  private found(): string {
    return `its columns are: ${clip(this.names.join(', '), 500)}`
  }
}

/** What an expression came to, if it can be work. */
export function workOf(value: number): number {
  if (value >= 0 && value < Infinity) return value
  throw new LineError(`the work must be a number of at least 0, and comes to ${value}`)
}
