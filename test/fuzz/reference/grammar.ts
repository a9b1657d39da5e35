/*
 * The words of RFC 9110 and RFC 9112 as expressions, on text of one character a byte (latin1). Written from the RFCs and not from
 * the proxy: whoever judges must not share its mistakes.
 */

/** RFC 9110, section 5.6.2. */
export const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** RFC 9110, section 5.5: VCHAR, obs-text, and SP and HTAB between them. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
/** RFC 9112, section 2.3. */
export const VERSION = /^HTTP\/[0-9]\.[0-9]$/
/** RFC 9110, section 8.6. */
export const LENGTH = /^[0-9]+$/

const TOKEN_OR_QUOTED =
  '(?:[!#$%&\'*+\\-.^_`|~0-9A-Za-z]+|"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*")'
const BWS = '[ \\t]*'
/** RFC 9112, sections 7.1 and 7.1.1. */
export const CHUNK_LINE = new RegExp(
  `^([0-9A-Fa-f]+)((?:${BWS};${BWS}[!#$%&'*+\\-.^_\`|~0-9A-Za-z]+(?:${BWS}=${BWS}${TOKEN_OR_QUOTED})?)*)$`,
)

/** A line of a head or of chunked coding, or why there is none. */
export type Line =
  | { readonly kind: 'line'; readonly text: string; readonly next: number }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'refused'; readonly why: string }

/** RFC 9112, section 2.2, at its strictest: CR LF ends a line, and neither stands alone. */
export function readLine(text: string, at: number): Line {
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 10) return { kind: 'refused', why: 'LF without CR' }
    if (code !== 13) continue
    if (i + 1 === text.length) return { kind: 'incomplete' }
    if (text.charCodeAt(i + 1) !== 10) return { kind: 'refused', why: 'CR without LF' }
    return { kind: 'line', text: text.slice(at, i), next: i + 2 }
  }
  return { kind: 'incomplete' }
}

export type Field = readonly [name: string, value: string]

/** Field lines up to the empty one; `next` is behind it (RFC 9112, section 5). */
export type Fields =
  | { readonly kind: 'fields'; readonly fields: Field[]; readonly next: number }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'refused'; readonly why: string }

export function readFields(text: string, start: number): Fields {
  const fields: Field[] = []
  let at = start
  for (;;) {
    const line = readLine(text, at)
    if (line.kind !== 'line') return line
    if (line.text === '') return { kind: 'fields', fields, next: line.next }
    const field = readField(line.text)
    if (typeof field === 'string') return { kind: 'refused', why: field }
    fields.push(field)
    at = line.next
  }
}

function readField(line: string): Field | string {
  if (/^[ \t]/.test(line)) return 'a folded line, or white space before the first field'
  const colon = line.indexOf(':')
  if (colon < 0) return 'a line without a colon'
  const name = line.slice(0, colon)
  if (!TOKEN.test(name)) return 'a name that is no token'
  const value = line.slice(colon + 1)
  if (!VALUE.test(value)) return 'a control byte in a value'
  return [name, value.replace(/^[ \t]+|[ \t]+$/g, '')]
}

/** The values of all fields of that (lower-case) name. */
export function valuesOf(fields: readonly Field[], name: string): string[] {
  return fields.filter((field) => field[0].toLowerCase() === name).map((field) => field[1])
}

/** The elements of a list, in small letters (RFC 9110, section 5.6.1). */
export function listOf(fields: readonly Field[], name: string): string[] {
  return valuesOf(fields, name)
    .flatMap((value) => value.split(','))
    .map((element) => element.replace(/^[ \t]+|[ \t]+$/g, '').toLowerCase())
    .filter((element) => element !== '')
}
