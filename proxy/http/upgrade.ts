import { fieldOf } from './fields.ts'

/** What decides whether a request may ask to go on in another protocol. */
export interface Asking {
  readonly method: string
  readonly version: string
  readonly fields: readonly string[]
}

/**
 * The protocol that a request asks to change to, as it spells it, if that may be: the first of its list that is allowed
 * (`allowed`: names in lower case). Undefined: the request is answered as if it had not asked, which a server may always do (RFC
 * 9110, section 7.8). WebSocket is asked for by GET (RFC 6455, section 4.1). What else makes a handshake is between client
 * and server: a proxy opens the tunnel at 101 and not before, whatever the request looks like.
 */
export function protocolAsked(asking: Asking, allowed: readonly string[]): string | undefined {
  const { fields, method, version } = asking
  if (version !== '1.1' || allowed.length === 0 || lengthOf(fields)) return undefined
  const options = fieldOf(fields, 'connection', true)?.toLowerCase().split(',') ?? []
  if (!options.some((option) => option.trim() === 'upgrade')) return undefined
  const protocols = fieldOf(fields, 'upgrade', true)?.split(',') ?? []
  const protocol = protocols
    .map((each) => each.trim())
    .find((each) => allowed.includes(nameOf(each)))
  if (protocol === undefined) return undefined
  return nameOf(protocol) === 'websocket' && method !== 'GET' ? undefined : protocol
}

/** The name of a protocol, which may have a version behind it. Case says nothing (RFC 9110, section 7.8). */
function nameOf(protocol: string): string {
  return protocol.split('/', 1)[0].toLowerCase()
}

/** A server changes to what it was asked for: to one protocol, of that name. */
export function isSwitchTo(asked: string, fields: readonly string[]): boolean {
  const answer = fieldOf(fields, 'upgrade', true)
  return answer !== undefined && nameOf(answer.trim()) === nameOf(asked)
}

/** There may be a body, or there is some trick with it. */
function lengthOf(fields: readonly string[]): boolean {
  if (fieldOf(fields, 'transfer-encoding') !== undefined) return true
  const length = fieldOf(fields, 'content-length', true)
  return length !== undefined && length !== '0'
}
