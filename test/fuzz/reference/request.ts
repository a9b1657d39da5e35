import { type Body, type BodyLimits, type Framing, readBody } from './body.ts'
import {
  type Field,
  LENGTH,
  listOf,
  readFields,
  readLine,
  TOKEN,
  valuesOf,
  VERSION,
} from './grammar.ts'

/** A request's head as RFC 9112 reads it. */
export interface Head {
  readonly method: string
  readonly target: string
  readonly version: string
  readonly fields: readonly Field[]
}

export interface Request extends Head {
  readonly framing: Framing
  readonly body: Body
  /** Another request may follow on its connection (RFC 9112, section 9.3). */
  readonly persists: boolean
  /** It may be refused as well as understood: why. */
  readonly free: string | undefined
}

/** Why a request may not pass, and the statuses that say so. */
export interface Refusal {
  readonly why: string
  readonly statuses: readonly number[]
}

/** The first message in some bytes. */
export type Message =
  | { readonly kind: 'request'; readonly request: Request; readonly next: number }
  /** `request`: whose body is not all here. */
  | { readonly kind: 'incomplete'; readonly request?: Request }
  /** `head`: of which the grammar was right. */
  | {
      readonly kind: 'refused'
      readonly refusal: Refusal
      readonly head?: Head
      readonly request?: Request
    }

/** What is asked for beyond the RFCs of a head whose grammar is right. */
export interface House {
  refuses(head: Head): Refusal[]
  readonly bodyLimits: BodyLimits
  /** Bytes of a body. */
  readonly mostBody: number
  /** The connection ends with this request. */
  ends(head: Head): boolean
}

/** The first request in the text from `at`, which has no line ends before it. */
export function readRequest(text: string, at: number, house: House): Message {
  const refuseHead = (why: string): Message => refuse(why, text.length - at)
  const line = readLine(text, at)
  if (line.kind === 'incomplete') return line
  if (line.kind === 'refused') {
    // node:http ends the line of HTTP/0.9 with a bare LF too, and refuses that version when the head has ended.
    const short = /^[^ \r\n]+ +[^ \r\n]+\n/.test(text.slice(at))
    return short ? { kind: 'incomplete' } : refuseHead(line.why)
  }
  const words = /^([^ ]+)( +)([^ ]+)(?:( +)([^ ]+))?$/.exec(line.text)
  if (words === null) return refuseHead('a request line of other than three words')
  // One of two words may be HTTP/0.9: the house has to know it.
  const [, method, first, target, second = ' ', protocol = 'HTTP/0.9'] = words
  if (!TOKEN.test(method)) return refuseHead('a method that is no token')
  if (!/^[\x21-\x7e]+$/.test(target)) return refuseHead('a target of other than visible ASCII')
  const version = protocol.replace(/^(?:RTSP|ICE)\/1\.0$/, 'HTTP/1.0')
  if (!VERSION.test(version)) return refuseHead('no version of HTTP')
  const fields = readFields(text, line.next)
  if (fields.kind === 'incomplete') return fields
  if (fields.kind === 'refused') return refuseHead(fields.why)
  const head: Head = { method, target, version, fields: fields.fields }
  const refusals = house.refuses(head)
  const framing = framingOf(head)
  if (typeof framing === 'object') refusals.push(framing)
  if (typeof framing === 'object' || refusals.length > 0) {
    if (protocol !== version) refusals.push({ why: 'no HTTP', statuses: [400] })
    // That its body is wrong as well may be found first.
    if (framing === 'chunked') {
      refusals.push(...refusalsOf(readBody(text, fields.next, framing, house.bodyLimits)))
    }
    return { kind: 'refused', refusal: together(refusals), head }
  }
  const body = readBody(text, fields.next, framing, house.bodyLimits)
  const odd =
    protocol !== version ||
    first + second !== '  ' ||
    /\ntransfer-encoding:[^\r]*\t/i.test(text.slice(at, fields.next))
  const free = odd ? 'DECISIONS 14' : body.free
  const request: Request = {
    ...head,
    framing,
    body,
    persists: persists(head) && !house.ends(head),
    free,
  }
  if (body.content.length > house.mostBody) {
    const refusal = { why: 'section 5: a body over the limit', statuses: [400, 413] }
    return { kind: 'refused', refusal, head, request }
  }
  if (body.kind === 'incomplete') return { kind: 'incomplete', request }
  if (body.kind === 'refused') return { ...refuse(body.why), head, request }
  return { kind: 'request', request, next: body.next }
}

/** RFC 9112, section 6.3. Where it leaves a choice, the request is refused. */
function framingOf({ fields, version }: Head): Framing | Refusal {
  const refuse = (why: string): Refusal => ({ why, statuses: [400] })
  const lengths = valuesOf(fields, 'content-length')
  const codings = valuesOf(fields, 'transfer-encoding')
  if (codings.length > 0) {
    if (version === 'HTTP/1.0') return refuse('Transfer-Encoding in HTTP/1.0')
    if (lengths.length > 0) return refuse('Content-Length beside Transfer-Encoding')
    if (codings.length > 1 || codings[0].toLowerCase() !== 'chunked')
      return refuse('an unknown coding')
    return 'chunked'
  }
  if (lengths.length === 0) return 0
  if (lengths.length > 1) return refuse('several Content-Lengths')
  if (!LENGTH.test(lengths[0])) return refuse('a Content-Length that is no number')
  return Number(lengths[0])
}

function persists({ fields, version }: Head): boolean {
  const options = listOf(fields, 'connection')
  if (options.includes('close')) return false
  return version === 'HTTP/1.1' || options.includes('keep-alive')
}

function refusalsOf({ free, kind, why }: Body): Refusal[] {
  return kind === 'refused' || free !== undefined ? [{ why, statuses: [400] }] : []
}

/** Of several reasons any may be told. */
function together(refusals: readonly Refusal[]): Refusal {
  const why = refusals.map((refusal) => refusal.why).join('; ')
  return { why, statuses: refusals.flatMap(({ statuses }) => statuses) }
}

/** In a long text, that it is too long may be found first. */
function refuse(why: string, length = 0): Extract<Message, { kind: 'refused' }> {
  const statuses = length > LONG ? [400, 414, 431] : [400]
  return { kind: 'refused', refusal: { why, statuses } }
}

const LONG = 16_384
