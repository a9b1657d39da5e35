import type { Attributes, Span, SpanStatusCode } from '@opentelemetry/api'
import type { Outcome } from '../core/recorder.ts'
import type { Downstream } from './downstream.ts'
import { fieldOf } from './fields.ts'
import type { RequestHead } from './request-head.ts'

/** `SpanStatusCode.ERROR`: the API itself is loaded only by those who trace. */
const ERROR: SpanStatusCode.ERROR = 2

/** Those of RFC 9110 and RFC 5789: others would be names without end. */
const METHODS = new Set('CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT TRACE'.split(' '))

/** Signatures of the great clouds; the conventions name these. */
const SECRET = /([?&](?:AWSAccessKeyId|Signature|sig|X-Goog-Signature)=)[^&]*/g
const AUTHORITY = /^(.*?)(?::(\d+))?$/

export function spanName(method: string): string {
  return METHODS.has(method) ? method : 'HTTP'
}

function methodOf(method: string): Attributes {
  return METHODS.has(method)
    ? { 'http.request.method': method }
    : { 'http.request.method': '_OTHER', 'http.request.method_original': method }
}

/** What a client asked for. `head`: undefined where it was refused. */
export function requestAttributes(request: Downstream, head: RequestHead | undefined): Attributes {
  const { address, encrypted, fields, method, target, version } = request
  const [path, query] = divided(head?.path ?? target)
  const agent = fieldOf(fields, 'user-agent')
  return {
    ...methodOf(method),
    'url.scheme': encrypted ? 'https' : 'http',
    'url.path': path,
    ...(query !== undefined && { 'url.query': query }),
    ...(head?.host !== undefined && placeOf(head.host)),
    'client.address': address,
    'network.protocol.version': version,
    ...(agent !== undefined && { 'user_agent.original': agent }),
  }
}

/** Where an attempt goes. `url`: of its server, an origin or a Unix socket. */
export function attemptAttributes(method: string, url: string, path: string): Attributes {
  const [, socket] = /^unix:(.*)$/.exec(url) ?? []
  const full = `${socket === undefined ? url : 'http://localhost'}${path}`.replace(
    SECRET,
    '$1REDACTED',
  )
  const place =
    socket === undefined ? placeOf(url.replace(/^\w+:\/\//, '')) : { 'server.address': socket }
  return { ...methodOf(method), 'url.full': full, ...place }
}

/**
 * Writes down how it ended. Statuses below `fails` are no failure: 500 for a server, which is not to blame for what clients do, 400 for
 * a client. `word`: what is told of it here, if it is something.
 */
export function conclude(
  span: Span,
  status: number,
  fails: number,
  outcome: Outcome,
  word: string = outcome,
): void {
  if (status > 0) span.setAttribute('http.response.status_code', status)
  const refused = status >= 400 && status < 500 // Even where it is our own answer.
  if (status < fails && (outcome === 'ok' || refused)) return
  // A status that came whole is told as that.
  const told = word === 'ok' || (status >= fails && word === outcome)
  span.setAttribute('error.type', told ? String(status) : word)
  span.setStatus({ code: ERROR })
}

function divided(target: string): [path: string, query: string | undefined] {
  const mark = target.indexOf('?')
  if (mark < 0) return [target, undefined]
  return [target.slice(0, mark), target.slice(mark).replace(SECRET, '$1REDACTED').slice(1)]
}

function placeOf(authority: string): Attributes {
  const [, address, port] = AUTHORITY.exec(authority)!
  return { 'server.address': address, ...(port !== undefined && { 'server.port': Number(port) }) }
}
