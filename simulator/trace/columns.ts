/** The names a column goes by. Where a trace has several of them, the first one here counts. */
const NAMES = {
  time: ['t', 'time', 'timestamp'],
  method: ['method'],
  path: ['path', 'url'],
  key: ['key', 'host'],
  bytes: ['bytes'],
  status: ['status', 'response'],
  work: ['service_ms'],
}

export type Column = keyof typeof NAMES

/** A token of RFC 9110 section 5.6.2: all that a method may consist of. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
/** What ends a request target: no HTTP request can carry it. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const UNSENDABLE = /[\0-\x20\x7f]/
// oxlint-disable-next-line no-control-regex -- likewise
const CONTROLS = /[\0-\x1f\x7f-\x9f]/g

/** The file is no trace. */
export class TraceFormatError extends Error {
  override readonly name = 'TraceFormatError'
}

/** Why one line cannot be read. */
export class LineError extends Error {
  override readonly name = 'LineError'
}

/** Knows which field of a line is what, and reads it. Every reader throws a `LineError` that names the column. */
export class Columns {
  /** How many fields a line has. */
  readonly width: number
  private readonly names: readonly string[]
  private readonly places = new Map<Column, number>()

  /** Throws a `TraceFormatError` for a header without a time; `timeColumn` is its name if it has one of its own. */
  constructor(header: readonly string[], timeColumn?: string) {
    this.width = header.length
    this.names = header.map((name) => name.trim())
    const lower = this.names.map((name) => name.toLowerCase())
    const wanted = { ...NAMES, ...(timeColumn !== undefined && { time: [timeColumn] }) }
    for (const column of Object.keys(NAMES) as Column[]) {
      const places = wanted[column].map((name) => lower.indexOf(name.toLowerCase()))
      const place = places.find((place) => place >= 0)
      if (place !== undefined) this.places.set(column, place)
    }
    if (this.places.has('time')) return
    const times = wanted.time.map((name) => `"${name}"`).join(' or ')
    const found = clip(this.names.join(', '), 500)
    throw new TraceFormatError(`the header has no time column ${times}; its columns are: ${found}`)
  }

  seconds(fields: readonly string[]): number {
    const seconds = this.number(fields, 'time')
    if (seconds === undefined) throw new LineError(`${this.nameOf('time')} is empty`)
    return seconds
  }

  method(fields: readonly string[]): string {
    const method = this.text(fields, 'method')
    if (method === undefined || method === '' || method === '-') return 'GET'
    if (!TOKEN.test(method)) throw this.complain('method', 'must be an HTTP method', method)
    return method
  }

  path(fields: readonly string[]): string {
    const path = this.text(fields, 'path')
    if (path === undefined) return '/'
    if (path === '') throw new LineError(`${this.nameOf('path')} is empty`)
    if (UNSENDABLE.test(path)) {
      throw this.complain('path', 'must not hold spaces or control characters', path)
    }
    return path
  }

  key(fields: readonly string[]): string {
    return this.text(fields, 'key') ?? ''
  }

  /** A whole number of at least 0; undefined where there is none. */
  count(fields: readonly string[], column: Column): number | undefined {
    const value = this.number(fields, column)
    if (value === undefined || (value >= 0 && Number.isSafeInteger(value))) return value
    throw this.complain(column, 'must be a whole number of at least 0', String(value))
  }

  /** At least 0; undefined where there is none. */
  amount(fields: readonly string[], column: Column): number | undefined {
    const value = this.number(fields, column)
    if (value === undefined || value >= 0) return value
    throw this.complain(column, 'must be at least 0', String(value))
  }

  /** Undefined where the field is empty or `-`, as web servers write for "none". */
  private number(fields: readonly string[], column: Column): number | undefined {
    const text = this.text(fields, column)?.trim()
    if (text === undefined || text === '' || text === '-') return undefined
    const value = Number(text)
    if (NUMBER.test(text) && Number.isFinite(value)) return value
    throw this.complain(column, 'must be a number', text)
  }

  private text(fields: readonly string[], column: Column): string | undefined {
    const place = this.places.get(column)
    return place === undefined ? undefined : fields[place]
  }

  private complain(column: Column, rule: string, value: string): LineError {
    return new LineError(`${this.nameOf(column)} ${rule}, got "${clip(value, 60)}"`)
  }

  /** As the file calls it. */
  private nameOf(column: Column): string {
    return this.names[this.places.get(column)!]
  }
}

/** What goes into a message is somebody's data: short enough to read, and nothing that moves a terminal's cursor. */
function clip(text: string, length: number): string {
  const short = text.length <= length ? text : `${text.slice(0, length)}…`
  return short.replace(CONTROLS, '?')
}
