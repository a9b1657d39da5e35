import type { MetricType } from '@prometheus-io/client'
import type { Sample } from './family.ts'
import type { AdminSources } from './sources.ts'

type Add = (type: MetricType, name: string, help: string, read: () => Sample[]) => void

/** The figures of tunnels: what WebSocket and other upgrades have become. */
export function addTunnels({ balancer, counters }: AdminSources, add: Add): void {
  const { tunnels } = counters
  add('gauge', 'lb_tunnels', 'Tunnels (WebSocket and other upgrades) that are open.', () =>
    balancer.servers.map((each) => ({ labels: { server: each.id }, value: tunnels.of(each).open })),
  )
  add('counter', 'lb_tunnels_total', 'Tunnels that were opened.', () =>
    balancer.servers.map((each) => ({
      labels: { server: each.id },
      value: tunnels.of(each).opened,
    })),
  )
  add(
    'counter',
    'lb_tunnel_bytes_total',
    'Bytes through tunnels: in from clients, out to them.',
    () =>
      balancer.servers.flatMap((each) => [
        { labels: { server: each.id, direction: 'in' }, value: tunnels.of(each).bytesIn },
        { labels: { server: each.id, direction: 'out' }, value: tunnels.of(each).bytesOut },
      ]),
  )
}
