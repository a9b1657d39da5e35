import { clip, TraceFormatError } from './errors.ts'
import { APACHE, type FieldKind, NGINX } from './log-fields.ts'
import { strftime } from './strftime.ts'

/** One piece of a format string: text that stands in every line as it is, or a field. */
export type Piece =
  | { readonly literal: string }
  | { readonly name: string; readonly kind: FieldKind; readonly optional?: boolean }

const VARIABLE = /\$(?:\{(\w+)\}|(\w+))/y
const DIRECTIVE = /%(?:%|[!\d,]*[<>]?(?:\{([^}]*)\})?[<>]?(\^t[io]|[A-Za-z]))/y
/** As they stand in a configuration file, between quotes. */
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t' }

export const COMMON_LOG = '%h %l %u %t "%r" %>s %b'
export const COMBINED_LOG = `${COMMON_LOG} "%{Referer}i" "%{User-Agent}i"`

/** Takes a format string of nginx (`$…`) or of Apache (`%…`) apart. Throws a `TraceFormatError`. */
export function piecesOf(format: string): Piece[] {
  const nginx = /\$\{?\w/.test(format)
  const pieces = nginx ? nginxPieces(format) : apachePieces(format.replaceAll(/\\(.)/g, escaped))
  const named = pieces.filter((piece) => 'name' in piece)
  if (!named.some(({ kind }) => kind.role === 'time' || kind.dated === true)) {
    const times = nginx
      ? '$time_local, $time_iso8601 or $msec'
      : '%t, %{sec}t, %{msec}t or %{usec}t'
    throw new TraceFormatError(`the log format "${clip(format, 200)}" has no time: ${times}`)
  }
  for (let i = 1; i < pieces.length; i++) {
    const [one, other] = [pieces[i - 1], pieces[i]]
    if (!('name' in one && 'name' in other) || hasEnd(one.kind) || startsItself(other.kind))
      continue
    throw new TraceFormatError(
      `the log format has nothing between ${one.name} and ${other.name}, so nobody can tell where one ends`,
    )
  }
  return pieces
}

function hasEnd({ pattern, role }: FieldKind): boolean {
  return pattern !== undefined && role !== 'key'
}

/** A query string brings its question mark. */
function startsItself({ role }: FieldKind): boolean {
  return role === 'query'
}

function escaped(_: string, character: string): string {
  return ESCAPES[character] ?? character
}

function nginxPieces(format: string): Piece[] {
  // Only together do they make what the path lacks, or nothing.
  const text = format.replaceAll(/\$\{?is_args\}?\$\{?(args|query_string)\}?/g, '${is_args_args}')
  return pieces(text, '$', VARIABLE, ([token, braced, bare]) => {
    const name = braced ?? bare
    if (name === 'is_args_args') return { name: '$args', kind: { role: 'query', pattern: QUERY } }
    const known = NGINX.get(name)
    if (known?.role === 'query') return { name: `$${name}`, kind: {} }
    return { name: token, kind: known ?? {} }
  })
}

const QUERY = String.raw`(?:\?[^\s"]*)?`

function apachePieces(format: string): Piece[] {
  const found = pieces(format, '%', DIRECTIVE, ([token, argument, letter]) => {
    if (letter === undefined) return { literal: '%' }
    // `begin:` is the default of times, and `end:` is when it was logged.
    const inside = argument?.replace(/^(begin|end):/, '')
    const key = inside === undefined || inside === '' ? letter : `{${inside}}${letter}`
    const kind = APACHE.get(key) ?? (letter === 't' ? strftime(inside ?? '') : undefined)
    if (kind?.role === 'query') return { name: token, kind: { ...kind, pattern: QUERY } }
    return { name: token, kind: kind ?? {} }
  })
  // The time brings its brackets.
  return joined(
    found.flatMap((piece): Piece[] =>
      'name' in piece && piece.name.endsWith('t') && piece.kind === APACHE.get('t')
        ? [{ literal: '[' }, piece, { literal: ']' }]
        : [piece],
    ),
  )
}

function pieces(
  text: string,
  mark: string,
  token: RegExp,
  read: (found: RegExpExecArray) => Piece,
): Piece[] {
  const found: Piece[] = []
  let at = 0
  while (at < text.length) {
    token.lastIndex = at
    const here = text.charAt(at) === mark ? token.exec(text) : null
    if (here !== null) {
      found.push(read(here))
      at = token.lastIndex
      continue
    }
    const next = text.indexOf(mark, at + 1)
    const literal = text.slice(at, next < 0 ? undefined : next)
    found.push({ literal })
    at += literal.length
  }
  return joined(found)
}

/** With neighbouring literals as one. */
function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = []
  for (const piece of pieces) {
    const last = result.at(-1)
    if (last !== undefined && 'literal' in last && 'literal' in piece) {
      result[result.length - 1] = { literal: last.literal + piece.literal }
    } else result.push(piece)
  }
  return result
}
