import ipaddr from 'ipaddr.js'

/** Says whether a peer is one of our own proxies, whose word about its client is believed. `ranges`: addresses or CIDR. */
export function trustedProxies(ranges: readonly string[]): (address: string) => boolean {
  if (ranges.length === 0) return () => false
  const parsed = ranges.map((range) =>
    range.includes('/')
      ? ipaddr.parseCIDR(range)
      : ipaddr.parseCIDR(`${range}/${ipaddr.parse(range).kind() === 'ipv4' ? 32 : 128}`),
  )
  return (address) => {
    if (!ipaddr.isValid(address)) return false
    const peer = ipaddr.process(address)
    return parsed.some(([base, bits]) => base.kind() === peer.kind() && peer.match(base, bits))
  }
}
