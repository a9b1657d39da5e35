import type { Balancer } from '../core/balancer.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { HealthBook } from '../health/active-checks.ts'
import type { HealthNews } from './messages.ts'

/** What the checks find out is everybody's: it is noted here, and told to all threads. */
export function bookOfAll(
  balancer: Balancer,
  tell: (news: { readonly type: 'health' } & HealthNews) => void,
): HealthBook {
  const tellAll = ({ healthReason: reason, healthy, id }: Endpoint): void =>
    tell({ type: 'health', id, healthy, reason })
  return {
    setHealthy(server, healthy, reason) {
      balancer.setHealthy(server, healthy, reason)
      tellAll(server)
    },
    setReason(server, reason) {
      balancer.setReason(server, reason)
      tellAll(server)
    },
  }
}
