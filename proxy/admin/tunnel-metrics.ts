import type { MetricType } from '@prometheus-io/client'
import type { Sample } from './family.ts'
import type { AdminSources } from './sources.ts'

type Add = (type: MetricType, name: string, help: string, read: () => Sample[]) => void

/** The figures of tunnels: what WebSocket and other upgrades have become. */
export function addTunnels({ balancer, counters }: AdminSources, add: Add): void {
  const { tunnels } = counters
  add('gauge', 'lb_tunnels', 'Tunnels (WebSocket and other upgrades) that are open.', () =>
    balancer.servers.map(({ id }) => ({ labels: { server: id }, value: tunnels.of(id).open })),
  )
  add('counter', 'lb_tunnels_total', 'Tunnels that were opened.', () =>
    balancer.servers.map(({ id }) => ({ labels: { server: id }, value: tunnels.of(id).opened })),
  )
  add(
    'counter',
    'lb_tunnel_bytes_total',
    'Bytes through tunnels: in from clients, out to them.',
    () =>
      balancer.servers.flatMap(({ id }) => [
        { labels: { server: id, direction: 'in' }, value: tunnels.of(id).bytesIn },
        { labels: { server: id, direction: 'out' }, value: tunnels.of(id).bytesOut },
      ]),
  )
}
