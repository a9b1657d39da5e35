/** What a field name means to a proxy. */
const PLAIN = 0 // Passed on untouched.
const HOP = 1
const CONNECTION = 2
const FORWARDED = 3
const REQUEST_ID = 4
const FRAMING = 5
const HOST = 6
const EXPECT = 7

/**
 * Fields that concern one connection only (RFC 9110, section 7.6.1), and those whose meaning the proxy uses up itself. A
 * request's Trailer goes, since undici cannot send what it announces.
 */
const REQUEST_FIELDS = new Map<string, number>([
  ['keep-alive', HOP],
  ['proxy-connection', HOP],
  ['proxy-authorization', HOP],
  ['te', HOP],
  ['trailer', HOP],
  ['upgrade', HOP],
  ['http2-settings', HOP],
  ['transfer-encoding', HOP],
  ['connection', CONNECTION],
  ['x-forwarded-for', FORWARDED],
  ['x-forwarded-proto', FORWARDED],
  ['x-forwarded-host', FORWARDED],
  ['forwarded', FORWARDED],
  ['x-request-id', REQUEST_ID],
  ['content-length', FRAMING],
  ['host', HOST],
  ['expect', EXPECT],
])

const RESPONSE_FIELDS = new Map<string, number>([
  ['keep-alive', HOP],
  ['proxy-connection', HOP],
  ['proxy-authenticate', HOP],
  ['upgrade', HOP],
  ['transfer-encoding', HOP],
  ['connection', CONNECTION],
  ['content-length', FRAMING],
])

/** Names come in few spellings, so each is looked up in lower case once. Bounded, since clients choose the names. */
class Spellings {
  private readonly meanings: Map<string, number>
  private readonly seen = new Map<string, number>()

  constructor(meanings: Map<string, number>) {
    this.meanings = meanings
  }

  meaningOf(name: string): number {
    let meaning = this.seen.get(name)
    if (meaning === undefined) {
      meaning = this.meanings.get(name.toLowerCase()) ?? PLAIN
      if (this.seen.size < 1024) this.seen.set(name, meaning)
    }
    return meaning
  }
}

const requestSpellings = new Spellings(REQUEST_FIELDS)
const responseSpellings = new Spellings(RESPONSE_FIELDS)

/** Who sent a request, and what of its story is believed. */
export interface ForwardingContext {
  readonly address: string
  readonly encrypted: boolean
  /** The peer is a proxy of ours: what it says of the client is appended to, not replaced. */
  readonly trusted: boolean
  readonly host: string | undefined
  /** Of the body, as announced; undefined where it is not. */
  readonly length: number | undefined
  readonly version: string
  /** Used where the request has no X-Request-Id of its own. */
  readonly requestId: string
}

/**
 * The fields that go to the backend: what the client sent, in its order and spelling, less what concerns this
 * connection only and less what `Connection` names, and then ours. Ours come after the removal, so that naming one of them in
 * `Connection` removes nothing of ours. Host and Content-Length come from the head that was judged. Expect ends here.
 */
export function forwardRequestFields(
  fields: readonly string[],
  context: ForwardingContext,
): string[] {
  const forward: string[] = []
  let story: string[] | undefined
  let named: string[] | undefined
  let hasRequestId = false
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]
    switch (requestSpellings.meaningOf(name)) {
      case PLAIN:
        forward.push(name, fields[i + 1])
        break
      case REQUEST_ID:
        hasRequestId = true
        forward.push(name, fields[i + 1])
        break
      case CONNECTION:
        named = nameList(fields[i + 1], named)
        break
      case FORWARDED:
        if (context.trusted) (story ??= []).push(name, fields[i + 1])
    }
  }
  if (named !== undefined) {
    removeNamed(forward, named)
    if (story !== undefined) removeNamed(story, named)
    hasRequestId &&= !named.includes('x-request-id')
  }
  tellStory(forward, story, context)
  forward.push('Via', `${context.version} evenkeel`)
  if (!hasRequestId) forward.push('X-Request-Id', context.requestId)
  if (context.host !== undefined) forward.push('Host', context.host)
  if (context.length !== undefined) forward.push('Content-Length', String(context.length))
  return forward
}

/** Adds who the client is: what we see, behind what a trusted proxy says. */
function tellStory(
  forward: string[],
  story: readonly string[] | undefined,
  context: ForwardingContext,
): void {
  const { address } = context
  const scheme = context.encrypted ? 'https' : 'http'
  const before = story === undefined ? undefined : fieldOf(story, 'x-forwarded-for', true)
  forward.push('X-Forwarded-For', before === undefined ? address : `${before}, ${address}`)
  forward.push('X-Forwarded-Proto', (story && fieldOf(story, 'x-forwarded-proto')) ?? scheme)
  const host = (story && fieldOf(story, 'x-forwarded-host')) ?? context.host
  if (host !== undefined) forward.push('X-Forwarded-Host', host)
  const forwarded = story && fieldOf(story, 'forwarded', true)
  if (forwarded !== undefined) {
    forward.push('Forwarded', `${forwarded}, ${forwardedElement(context, scheme)}`)
  }
}

/** An answer's fields as they go to the client, and its length where it announces one. */
export interface ForwardedResponse {
  readonly fields: string[]
  /** -1 where there is none. */
  readonly length: number
}

/** `raw`: name, value, … as undici's parser cut them out of the stream. */
export function forwardResponseFields(raw: readonly Buffer[]): ForwardedResponse {
  const fields: string[] = []
  let named: string[] | undefined
  let length = -1
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i].toString('latin1')
    const meaning = responseSpellings.meaningOf(name)
    if (meaning === HOP) continue
    const value = raw[i + 1].toString('latin1')
    if (meaning === CONNECTION) {
      named = nameList(value, named)
      continue
    }
    if (meaning === FRAMING) length = Number(value)
    fields.push(name, value)
  }
  if (named !== undefined) removeNamed(fields, named)
  fields.push('Via', '1.1 evenkeel')
  return { fields, length }
}

/** A list of raw fields as text, for trailers. */
export function toText(raw: readonly Buffer[]): string[] {
  return raw.map((part) => part.toString('latin1'))
}

/**
 * The value of the first field of that (lower-case) name, or, for fields that are lists, of all of them; undefined where
 * there is none.
 */
export function fieldOf(
  fields: readonly string[],
  lowerCaseName: string,
  all = false,
): string | undefined {
  let found: string | undefined
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]
    if (name.length !== lowerCaseName.length || name.toLowerCase() !== lowerCaseName) continue
    if (!all) return fields[i + 1]
    found = found === undefined ? fields[i + 1] : `${found}, ${fields[i + 1]}`
  }
  return found
}

/** The options of a Connection field that name other fields. `close` and `keep-alive` do not, nor may what frames a message. */
function nameList(value: string, named: string[] | undefined): string[] | undefined {
  if (value === 'keep-alive' || value === 'close') return named
  for (const part of value.split(',')) {
    const name = part.trim().toLowerCase()
    if (name === '' || name === 'close' || name === 'host' || name === 'content-length') continue
    if (named === undefined) named = []
    named.push(name)
  }
  return named
}

function removeNamed(fields: string[], named: readonly string[]): void {
  let kept = 0
  for (let i = 0; i < fields.length; i += 2) {
    if (named.includes(fields[i].toLowerCase())) continue
    fields[kept++] = fields[i]
    fields[kept++] = fields[i + 1]
  }
  fields.length = kept
}

/** RFC 7239, section 4. */
function forwardedElement(context: ForwardingContext, scheme: string): string {
  const { address, host } = context
  const client = address.includes(':') ? `"[${address}]"` : address
  return `for=${client};proto=${scheme}${host === undefined ? '' : `;host="${host}"`}`
}
