import { METHODS } from 'node:http'
import { type ReceivedHead, reject, type Rejection } from './request-head.ts'

/** An HTTP/2 request's head in the terms of HTTP/1. */
export interface Http2Head extends ReceivedHead {
  readonly rejection: Rejection | undefined
}

/** Those that the parser in front of HTTP/1 knows: a method is let in by both or by neither. */
const KNOWN = new Set(METHODS)

/**
 * Reads a head as node:http2 gives it (name, value, …; names in lower case, pseudo-fields first). `:authority` becomes the Host
 * (RFC 9113, section 8.3.1), and the crumbs of a cookie are put together again (section 8.2.3). What could mean two things as
 * HTTP/1 is refused. What nghttp2 resets by itself, or drops, is written in the test.
 */
export function readHttp2Head(raw: readonly string[]): Http2Head {
  let method = ''
  let target = ''
  let scheme: string | undefined
  let authority: string | undefined
  let rejection: Rejection | undefined
  let cookie = -1
  const fields: string[] = []
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]
    const value = raw[i + 1]
    if (name.charCodeAt(0) === 58 /* : */) {
      if (name === ':method') method = value
      else if (name === ':path') target = value
      else if (name === ':scheme') scheme = value
      else if (name === ':authority') {
        authority = value
        fields.push('host', value)
      } else rejection = bad(`unknown pseudo-field ${name}`)
    } else if (name === 'host' && authority !== undefined) {
      if (value.toLowerCase() !== authority.toLowerCase())
        rejection = bad('Host and :authority differ')
    } else if (name === 'cookie' && cookie >= 0) {
      fields[cookie] += `; ${value}`
    } else {
      if (isPadded(value)) rejection = bad('white space around a value')
      const last = fields.push(name, value) - 1
      if (name === 'cookie') cookie = last
    }
  }
  if (method === 'CONNECT') rejection = reject(501, 'not_implemented', 'CONNECT')
  else if (!KNOWN.has(method)) rejection = bad('unknown method')
  else if (scheme !== 'https' && scheme !== 'http') rejection = bad('scheme is not http')
  return { method, target, version: '2', fields, rejection }
}

function bad(detail: string): Rejection {
  return reject(400, 'bad_request', detail)
}

/** RFC 9113, section 8.2.1: no space and no tab at either end. */
function isPadded(value: string): boolean {
  return value.charCodeAt(0) <= 32 || value.charCodeAt(value.length - 1) <= 32
}
