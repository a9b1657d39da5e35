import { NO_REQUEST } from './parser.ts'
import { UNSENDABLE } from './values.ts'

/** A token of RFC 9110 section 5.6.2: all that a method may consist of. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|([\s\S]))/g
const NAMED: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  v: '\v',
  f: '\f',
  b: '\b',
}

export interface RequestLine {
  readonly method: string
  readonly path: string
}

/**
 * Reads `GET /path HTTP/1.1` out of a log. There is no version where a request of HTTP/0.9 came. What speaks no HTTP (a TLS
 * handshake, nothing at all) is no request.
 */
export function requestOf(text: string): RequestLine | typeof NO_REQUEST {
  const space = text.indexOf(' ')
  const method = text.slice(0, space)
  if (space <= 0 || (method !== 'GET' && !TOKEN.test(method))) return NO_REQUEST
  const version = text.lastIndexOf(' HTTP/')
  const target = text.slice(space + 1, version > space ? version : undefined).trim()
  return target === '' ? NO_REQUEST : { method, path: targetOf(target) }
}

/** A request target out of a log: its escapes undone, and what no request could carry encoded, so that it can be sent. */
export function targetOf(text: string): string {
  const target = unescape(text)
  return UNSENDABLE.test(target) ? Array.from(target, encode).join('') : target
}

/** As nginx (`\x22`) and Apache (`\"`, `\x22`, `\n`) write what could break a line. */
export function unescape(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(ESCAPE, (_, code: string | undefined, letter: string) =>
    code === undefined ? (NAMED[letter] ?? letter) : String.fromCharCode(parseInt(code, 16)),
  )
}

function encode(character: string): string {
  if (!UNSENDABLE.test(character)) return character
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}
