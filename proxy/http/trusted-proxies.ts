import ipaddr from 'ipaddr.js'
import type { Downstream } from './downstream.ts'
import { UNIX_PEER } from './peer-address.ts'

/**
 * Says whether a peer is one of our own proxies, whose word about its client is believed. `ranges`: addresses or CIDR, and `unix` for
 * whoever may connect to a Unix socket of ours.
 */
export function trustedProxies(ranges: readonly string[]): (address: string) => boolean {
  if (ranges.length === 0) return () => false
  const local = ranges.includes(UNIX_PEER)
  const networks = ranges.filter((range) => range !== UNIX_PEER)
  const parsed = networks.map((range) =>
    range.includes('/')
      ? ipaddr.parseCIDR(range)
      : ipaddr.parseCIDR(`${range}/${ipaddr.parse(range).kind() === 'ipv4' ? 32 : 128}`),
  )
  return (address) => {
    if (address === UNIX_PEER) return local
    if (!ipaddr.isValid(address)) return false
    const peer = ipaddr.process(address)
    return parsed.some(([base, bits]) => base.kind() === peer.kind() && peer.match(base, bits))
  }
}

/** Whether it is one of our own proxies that says what the fields of this request say of its client. */
export function believes(
  { address, hidden }: Pick<Downstream, 'address' | 'hidden'>,
  trusts: (address: string) => boolean,
): boolean {
  return hidden !== true && trusts(address)
}
