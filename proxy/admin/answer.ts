import type { Downstream, DownstreamOwner } from '../http/downstream.ts'

const REASONS: Record<number, string> = {
  200: 'OK',
  304: 'Not Modified',
  308: 'Permanent Redirect',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** Who asked for an answer of one piece. */
export class Visitor implements DownstreamOwner {
  /** There is nobody to answer any more, or the listener has. */
  gone = false
  private readonly request: Downstream

  constructor(request: Downstream) {
    this.request = request
  }

  onDrain(): void {}

  onDone(): void {}

  onLeft(): void {
    this.gone = true
  }

  onBadBody(): void {
    this.gone = true
    this.request.cut()
  }
}

/** Numbers that change by the second, and that are nobody else's business. */
const ALWAYS: readonly string[] = [
  'Cache-Control',
  'no-store',
  'X-Content-Type-Options',
  'nosniff',
  'Referrer-Policy',
  'no-referrer',
]

/** Takes a request over: whatever it brings along is thrown away, and its connection ends, since nobody reads it with care. */
export function take(request: Downstream, owner: DownstreamOwner): void {
  request.owner = owner
  if (request.body === undefined) return
  request.close()
  request.body.discard()
}

/** Sends the head with the fields that every answer here has. */
export function sendHead(request: Downstream, status: number, fields: readonly string[]): void {
  const own = fields.includes('Cache-Control') ? ALWAYS.slice(2) : ALWAYS
  request.head(status, REASONS[status] ?? '', [...own, ...fields])
}

/** A whole answer; to HEAD, the same without its body (RFC 9110, section 9.3.2). */
export function send(
  request: Downstream,
  status: number,
  type: string,
  body: Uint8Array | string,
  fields: readonly string[] = [],
): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const length = String(bytes.length)
  sendHead(request, status, ['Content-Type', type, 'Content-Length', length, ...fields])
  if (request.method === 'HEAD') request.end()
  else request.end(bytes)
}

/** On one line, unless it is meant to be read. */
export function sendJson(
  request: Downstream,
  status: number,
  value: unknown,
  fields: readonly string[] = [],
  indent?: number,
): void {
  const text = `${JSON.stringify(value, null, indent)}\n`
  send(request, status, 'application/json; charset=utf-8', text, fields)
}
