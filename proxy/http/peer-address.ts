import type { Socket } from 'node:net'
import ipaddr from 'ipaddr.js'

/** What a peer on a Unix socket is called, in logs and in `trustedProxies`. */
export const UNIX_PEER = 'unix'

export function addressOf(socket: Socket): string {
  const address = socket.remoteAddress
  // Where a client has gone already there is none either; nobody will hear from it.
  if (address === undefined) return UNIX_PEER
  // A socket for both kinds of addresses calls a peer of the old one so.
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

/** One way to write each address (RFC 5952), as IPv4 where it is that. */
export function addressFrom(text: string): string {
  const address = ipaddr.process(text)
  return address.kind() === 'ipv6' ? (address as ipaddr.IPv6).toRFC5952String() : address.toString()
}

/**
 * What counts as one client, as two 32-bit numbers: an IPv4 address, or the first half of an IPv6 address. A customer gets 2^64 of
 * those and more (RFC 6177), and could use another one for each connection. Undefined for what is no address.
 */
export function networkOf(address: string): readonly [high: number, low: number] | undefined {
  if (!ipaddr.isValid(address)) return undefined
  const bytes = ipaddr.process(address).toByteArray()
  const word = (at: number): number =>
    (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]
  // No IPv6 network that a client can have begins with 32 zeros.
  return bytes.length === 4 ? [0, word(0)] : [word(0), word(4)]
}
