import { isIPv6 } from 'node:net'
import type { ErrorWord } from './error-answer.ts'
import { fieldOf } from './fields.ts'

/** Why a request is not let in: the answer's status, its fixed word, and a sentence for the log. */
export interface Rejection {
  readonly status: number
  readonly word: ErrorWord
  readonly detail: string
}

export interface HeadLimits {
  /** Bytes of request line and fields. */
  readonly headSize: number
  readonly fields: number
  /** Bytes of the request target. */
  readonly target: number
  /** Bytes of the body; undefined: any. */
  readonly body?: number
}

/** What a listener's parser understood of a head; whether it may pass is judged here and not there. */
export interface ReceivedHead {
  readonly method: string
  readonly target: string
  readonly version: string
  readonly fields: readonly string[]
}

/** The parts of a request's head that decide where it goes and how long it is. */
export interface RequestHead {
  /** What the backend is asked for: origin form, byte for byte. */
  readonly path: string
  /** The authority that the request is for; undefined only for HTTP/1.0. */
  readonly host: string | undefined
  /** As announced; undefined where there is none. */
  readonly length: number | undefined
  readonly chunked: boolean
  /** The client offers to change the protocol. It gets a plain answer, and its connection ends with it. */
  readonly upgrade: boolean
}

/** RFC 9110, section 4.2.2 and RFC 3986, section 3.2.2: a name or an address, then perhaps a port; never empty, no user. */
const AUTHORITY =
  /^(?:(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})+|\[(?<address>[0-9A-Fa-f:.]+)\])(?::(?<port>\d{0,5}))?$/
const ABSOLUTE = /^https?:\/\/([^/?#]*)([^#]*)$/i
const DIGITS = /^\d{1,15}$/
const CONTINUE = /^100-continue$/i

/**
 * Reads a request's head from the raw fields, or says why it is refused. Everything that two readers could understand
 * differently is refused here, even where the parser in front let it pass: a request means one thing or it is not let in
 * (RFC 9112, sections 3.2 and 6.3; RFC 9110, section 7.2).
 */
export function readRequestHead(head: ReceivedHead, limits: HeadLimits): RequestHead | Rejection {
  const { method, target, version, fields } = head
  if (version !== '1.1' && version !== '1.0' && version !== '2') {
    return reject(400, 'bad_request', `HTTP version ${version} is not spoken here`)
  }
  if (target.length > limits.target) return reject(414, 'target_too_long', 'request target')
  if (fields.length > 2 * limits.fields) return reject(431, 'head_too_large', 'too many fields')
  let size = method.length + target.length + 12 // ' ' ' HTTP/1.1\r\n'
  let hosts = 0
  let host: string | undefined
  let lengths = 0
  let length: string | undefined
  let codings = 0
  let coding: string | undefined
  let expectation: string | undefined
  let upgrade = false
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]
    const value = fields[i + 1]
    size += name.length + value.length + 4 // ': ' and '\r\n'
    // Only five names matter, and they have lengths of their own: most fields cost one comparison.
    switch (name.length) {
      case 6:
        if (name.toLowerCase() === 'expect') {
          expectation = expectation === undefined ? value : 'several'
        }
        break
      case 7:
        if (name.toLowerCase() === 'upgrade') upgrade = true
        break
      case 4:
        if (name.toLowerCase() === 'host') {
          hosts++
          host = value
        }
        break
      case 14:
        if (name.toLowerCase() === 'content-length') {
          lengths++
          length = value
        }
        break
      case 17:
        if (name.toLowerCase() === 'transfer-encoding') {
          codings++
          coding = value
        }
    }
  }
  if (size > limits.headSize) return reject(431, 'head_too_large', `${size} bytes`)
  if (hosts > 1) return reject(400, 'bad_request', 'more than one Host')
  if (host === undefined ? version !== '1.0' : !isAuthority(host)) {
    return reject(400, 'bad_request', host === undefined ? 'no Host' : 'invalid Host')
  }
  if (codings > 0) {
    if (version === '1.0') return reject(400, 'bad_request', 'Transfer-Encoding in HTTP/1.0')
    if (lengths > 0) return reject(400, 'bad_request', 'Content-Length and Transfer-Encoding')
    if (codings > 1 || coding!.toLowerCase() !== 'chunked') {
      return reject(400, 'bad_request', 'Transfer-Encoding other than chunked')
    }
  }
  if (lengths > 1 || (length !== undefined && !DIGITS.test(length))) {
    return reject(400, 'bad_request', 'invalid Content-Length')
  }
  const announced = length === undefined ? undefined : Number(length)
  if (limits.body !== undefined && announced !== undefined && announced > limits.body) {
    return reject(413, 'body_too_large', `${announced} bytes`)
  }
  const chunked = codings > 0
  if (upgrade) upgrade = isOffer(fields)
  // A server ignores the expectation of an HTTP/1.0 client (RFC 9110, section 10.1.1).
  if (expectation !== undefined && version !== '1.0' && !CONTINUE.test(expectation)) {
    return reject(417, 'expectation_failed', 'unknown Expect')
  }
  if (method === 'OPTIONS' || method === 'TRACE') {
    const refusal = endOfTheRoad(fields)
    if (refusal !== undefined) return refusal
  }
  if (target.charCodeAt(0) === 47 /* / */) {
    if (target.includes('#')) return reject(400, 'bad_request', 'fragment in the target')
    return { path: target, host, length: announced, chunked, upgrade }
  }
  if (target === '*') return reject(501, 'not_implemented', 'asterisk-form target')
  const absolute = ABSOLUTE.exec(target)
  if (absolute === null || !isAuthority(absolute[1])) {
    return reject(400, 'bad_request', 'target is neither a path nor an http URL')
  }
  const rest = absolute[2]
  // It asks the server, not one of its resources (RFC 9112, section 3.2.4), and undici cannot send the asterisk.
  if (method === 'OPTIONS' && rest === '') return reject(501, 'not_implemented', 'asterisk-form')
  const path = rest.charCodeAt(0) === 47 ? rest : `/${rest}`
  return { path, host: absolute[1], length: announced, chunked, upgrade }
}

/**
 * `Upgrade` alone is none (RFC 9110, section 7.8). Read at least as loosely as node:http reads it, which takes Proxy-Connection for Connection: what it
 * holds for an offer ends its reading.
 */
function isOffer(fields: readonly string[]): boolean {
  const options = fieldOf(fields, 'connection', true) ?? ''
  return (
    /upgrade/i.test(options) || /upgrade/i.test(fieldOf(fields, 'proxy-connection', true) ?? '')
  )
}

/** RFC 9110, section 7.6.2: how many more may forward a request that looks for those who do. */
function endOfTheRoad(fields: readonly string[]): Rejection | undefined {
  const left = fieldOf(fields, 'max-forwards', true)
  if (left === undefined) return undefined
  if (!DIGITS.test(left)) return reject(400, 'bad_request', 'invalid Max-Forwards')
  return Number(left) === 0 ? reject(501, 'not_implemented', 'Max-Forwards: 0') : undefined
}

function isAuthority(text: string): boolean {
  const match = AUTHORITY.exec(text)
  if (match === null) return false
  const { address, port } = match.groups!
  return (address === undefined || isIPv6(address)) && (port === undefined || Number(port) < 65_536)
}

export function isRejection(head: RequestHead | Rejection): head is Rejection {
  return 'status' in head
}

export function reject(status: number, word: ErrorWord, detail: string): Rejection {
  return { status, word, detail }
}
