import {
  CONNECTION,
  ENDS_HERE,
  fieldOf,
  nameList,
  PLAIN,
  removeNamed,
  Spellings,
} from './fields.ts'
import { UNIX_PEER } from './peer-address.ts'

const FORWARDED = 3
const REQUEST_ID = 4
const MAX_FORWARDS = 5

/**
 * Fields that concern one connection only (RFC 9110, section 7.6.1), and those that the proxy writes anew or answers
 * itself. A request's Trailer goes, since undici cannot send what it announces.
 */
const REQUEST_FIELDS = new Map<string, number>([
  ['keep-alive', ENDS_HERE],
  ['proxy-connection', ENDS_HERE],
  ['proxy-authorization', ENDS_HERE],
  ['te', ENDS_HERE],
  ['trailer', ENDS_HERE],
  ['upgrade', ENDS_HERE],
  ['http2-settings', ENDS_HERE],
  ['transfer-encoding', ENDS_HERE],
  ['connection', CONNECTION],
  ['x-forwarded-for', FORWARDED],
  ['x-forwarded-proto', FORWARDED],
  ['x-forwarded-host', FORWARDED],
  ['forwarded', FORWARDED],
  ['x-request-id', REQUEST_ID],
  ['max-forwards', MAX_FORWARDS],
  ['content-length', ENDS_HERE],
  ['host', ENDS_HERE],
  ['expect', ENDS_HERE],
])

const spellings = new Spellings(REQUEST_FIELDS)

/** Who sent a request, and what of its story is believed. */
export interface ForwardingContext {
  readonly method: string
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
    switch (spellings.meaningOf(name)) {
      case PLAIN:
        forward.push(name, fields[i + 1])
        break
      case REQUEST_ID:
        if (fields[i + 1] === '') break // As if it were not there: it names nothing.
        hasRequestId = true
        forward.push(name, fields[i + 1])
        break
      case MAX_FORWARDS:
        forward.push(name, oneLess(fields[i + 1], context.method))
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
  }
  tellStory(forward, story, context)
  forward.push('Via', context.version === '2' ? '2.0 evenkeel' : `${context.version} evenkeel`)
  if (!hasRequestId) forward.push('X-Request-Id', context.requestId)
  if (context.host !== undefined) forward.push('Host', context.host)
  if (context.length !== undefined) forward.push('Content-Length', String(context.length))
  return forward
}

/** RFC 9110, section 7.6.2; the head was judged. Other methods than these two have nobody answer on the way. */
function oneLess(left: string, method: string): string {
  return method === 'OPTIONS' || method === 'TRACE' ? String(Number(left) - 1) : left
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

/** RFC 7239, section 4. */
function forwardedElement(context: ForwardingContext, scheme: string): string {
  const { address, host } = context
  // A peer without an address cannot be named otherwise (section 6.2).
  const known = address === UNIX_PEER ? 'unknown' : address
  const client = address.includes(':') ? `"[${address}]"` : known
  return `for=${client};proto=${scheme}${host === undefined ? '' : `;host="${host}"`}`
}
