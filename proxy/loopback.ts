import { BlockList, isIP } from 'node:net'

const OWN = new BlockList()
OWN.addSubnet('127.0.0.0', 8, 'ipv4')
OWN.addAddress('::1', 'ipv6')

/** Only this machine can connect to that address. `localhost` counts: RFC 6761 keeps it for the loopback. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true
  const version = isIP(host)
  return version !== 0 && OWN.check(host, version === 4 ? 'ipv4' : 'ipv6')
}

/** Of a `Host`, without its port: `[::1]:8081` → `::1` */
export function nameOfHost(host: string): string {
  return host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1')
}
