import { clip, LineError, TimeError, TraceFormatError } from './errors.ts'
import { type FieldKind, type Role, WORD } from './log-fields.ts'
import { type Piece, piecesOf } from './log-format.ts'
import { type ColumnChoice, type LineParser, NO_REQUEST } from './parser.ts'
import { requestOf, unescape } from './request-line.ts'
import { RememberedTime } from './time.ts'
import type { TraceEntry } from './trace.ts'
import { amountOf, countOf, isNone } from './values.ts'

interface Field {
  readonly name: string
  readonly kind: FieldKind
  /** Its group in the pattern. */
  readonly place: number
}

interface TimePart extends Field {
  readonly time: RememberedTime
}

/** In quotes a server escapes quotes, so a quote that is not escaped is the end. */
const QUOTED = String.raw`[^"\\]*(?:\\.[^"\\]*)*`

/**
 * Reads the lines that a web server writes by a format string, which it makes one regular expression of. No part of that can match a
 * text in two ways, so a line costs time in proportion to its length, whatever is in it.
 *
 * When a request arrived is what counts. nginx logs the time of its end, so the duration is taken off, where the format has it; off a clock
 * of whole seconds only whole seconds are, since more would make up what the log does not know.
 */
export class LogParser implements LineParser {
  readonly worksOut = false
  readonly clock: string
  private readonly pieces: readonly Piece[]
  private readonly pattern: RegExp
  private readonly fields: Readonly<Partial<Record<Role, Field>>>
  /** What adds up to the time. */
  private readonly parts: readonly TimePart[]
  /** nginx: the time is that of the end. */
  private readonly endTime: boolean
  private readonly wholeSeconds: boolean

  /** `open`: more may follow in a line than the format says. Throws a `TraceFormatError`. */
  constructor(format: string, choice: ColumnChoice = {}, open = false) {
    this.pieces = piecesOf(format)
    this.endTime = format.includes('$')
    const fields: Partial<Record<Role, Field>> = {}
    const parts: TimePart[] = []
    let place = 0
    for (const piece of this.pieces) {
      if (!('name' in piece)) continue
      place++
      const role = roleOf(piece.name, piece.kind, choice)
      if (role === undefined) continue
      if (role === 'part') {
        parts.push({ ...piece, place, time: new RememberedTime(piece.kind.seconds!) })
        continue
      }
      const rival = fields[role]
      if (rival !== undefined && (rival.kind.rank ?? 0) >= (piece.kind.rank ?? 0)) continue
      fields[role] = { ...piece, place }
    }
    this.fields = fields
    if (choice.keyColumn !== undefined && fields.key === undefined) {
      throw new TraceFormatError(`the log format has no field "${choice.keyColumn}" for the key`)
    }
    const { time } = fields
    this.parts =
      time === undefined ? parts : [{ ...time, time: new RememberedTime(time.kind.seconds!) }]
    if (!this.parts.some(({ kind }) => kind.role === 'time' || kind.dated === true)) {
      throw new TraceFormatError(`the log format has no field "${choice.timeColumn}" for the time`)
    }
    this.clock = this.parts.map(({ name }) => name).join(' ')
    // nginx's other clocks are of whole seconds, $time_iso8601 too.
    this.wholeSeconds = this.clock !== '$msec' && this.clock !== '${msec}'
    this.pattern = patternOf(this.pieces, open)
  }

  parse(line: string): TraceEntry | typeof NO_REQUEST {
    const found = this.pattern.exec(line)
    if (found === null) throw this.diagnosis(line)
    const { bytes, duration, key, status } = this.fields
    const seconds = this.seconds(found)
    const request = this.request(found)
    if (request === NO_REQUEST) return NO_REQUEST
    const took = duration === undefined ? undefined : amountOf(found[duration.place], duration.name)
    const ms = took === undefined ? undefined : toMicro(took * duration!.kind.scale!)
    return {
      t: this.endTime && ms !== undefined ? this.begin(seconds, ms) : seconds,
      method: request.method,
      path: request.path,
      key: key === undefined ? '' : textOf(found[key.place]),
      bytes: bytes === undefined ? undefined : countOf(found[bytes.place], bytes.name),
      status: status === undefined ? undefined : countOf(found[status.place], status.name),
      work: this.upstream(found) ?? ms,
      took: ms,
      server: this.server(found),
    }
  }

  private seconds(found: RegExpExecArray): number {
    let seconds = 0
    for (const { place, time } of this.parts) seconds += time.of(found[place])
    if (seconds >= 0) return seconds
    const text = this.parts.map(({ place }) => found[place]).join(' ')
    throw new TimeError(`${this.clock} is no time: "${clip(text)}"`)
  }

  private request(found: RegExpExecArray): { method: string; path: string } | typeof NO_REQUEST {
    const { method, path, query, request } = this.fields
    if (request !== undefined) return requestOf(found[request.place])
    const verb = method === undefined ? 'GET' : found[method.place]
    if (path === undefined) return { method: isNone(verb) ? 'GET' : verb, path: '/' }
    const rest = query === undefined ? '' : found[query.place]
    return requestOf(`${verb} ${found[path.place]}${rest}`)
  }

  private begin(seconds: number, duration: number): number {
    if (!this.wholeSeconds) return Math.max(0, seconds - duration / 1000)
    return Math.max(0, seconds - Math.floor(duration / 1000))
  }

  private upstream(found: RegExpExecArray): number | undefined {
    const { upstream } = this.fields
    if (upstream === undefined) return undefined
    const last = found[upstream.place].split(/, | : /).findLast((text) => !isNone(text))
    return last === undefined ? undefined : toMicro(Number(last) * upstream.kind.scale!)
  }

  private server(found: RegExpExecArray): string | undefined {
    const { server } = this.fields
    return server && found[server.place].split(/, | : /).findLast((text) => !isNone(text))
  }

  /** Says where a line leaves the format: the first field or text that is not there. */
  private diagnosis(line: string): LineError {
    let matched = 0
    for (let end = 1; end <= this.pieces.length; end++) {
      const found = patternOf(this.pieces, true, end).exec(line)
      if (found === null) {
        const piece = this.pieces[end - 1]
        const wanted = 'name' in piece ? piece.name : `"${clip(piece.literal)}"`
        const rest = line.slice(matched)
        const got = rest === '' ? 'the end of the line' : `"${clip(rest, 30)}"`
        return new LineError(`${wanted} is not at column ${matched + 1}, got ${got}`)
      }
      matched = found[0].length
    }
    return new LineError(`there is more after the last field: "${clip(line.slice(matched), 30)}"`)
  }
}

/** The role that a field has, or gets by a flag. */
function roleOf(name: string, { role }: FieldKind, choice: ColumnChoice): Role | undefined {
  const { keyColumn } = choice
  if (keyColumn !== undefined) {
    if (sameField(name, keyColumn)) return 'key'
    if (role === 'key') return undefined
  }
  if (role === 'time' && choice.timeColumn !== undefined && !sameField(name, choice.timeColumn)) {
    return undefined
  }
  return role
}

/** With or without its `$` or `%`. */
function sameField(name: string, wanted: string): boolean {
  return name === wanted || name.slice(1) === wanted
}

function patternOf(pieces: readonly Piece[], open: boolean, end = pieces.length): RegExp {
  let source = '^'
  for (let i = 0; i < end; i++) {
    const piece = pieces[i]
    if ('literal' in piece) source += RegExp.escape(piece.literal)
    else source += `(${patternFor(piece.kind, literalAt(pieces, i - 1), pieces.at(i + 1))})`
  }
  return new RegExp(open ? source : `${source}$`, 's')
}

function patternFor({ pattern }: FieldKind, before: string, next: Piece | undefined): string {
  if (pattern === undefined) return upTo(before, next)
  const stop = next !== undefined && 'literal' in next ? next.literal.charAt(0) : ''
  // A colon is part of an address, too.
  if (pattern !== WORD || stop === '' || /[\s":]/.test(stop)) return pattern
  return String.raw`[^\s"${RegExp.escape(stop)}]+`
}

/** A text that ends where the literal after it begins. */
function upTo(before: string, next: Piece | undefined): string {
  if (next === undefined) return '.*'
  if ('name' in next) return String.raw`[^\s"?]*`
  const { literal } = next
  if (before.endsWith('"') && literal.startsWith('"')) return QUOTED
  if (literal.length === 1) return `[^${RegExp.escape(literal)}]*`
  return `(?:(?!${RegExp.escape(literal)}).)*`
}

function literalAt(pieces: readonly Piece[], place: number): string {
  const piece = place < 0 ? undefined : pieces[place]
  return piece !== undefined && 'literal' in piece ? piece.literal : ''
}

function textOf(text: string): string {
  return text === '-' ? '' : unescape(text)
}

/** A product of decimals is off by some 1e-16 of itself; nothing in a log is finer than a microsecond. */
function toMicro(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000
}
