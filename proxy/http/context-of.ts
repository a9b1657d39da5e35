import type { Endpoint } from '../core/endpoint.ts'
import type { Settings } from '../settings.ts'
import type { AccessLog } from './access-log.ts'
import { affinityBy } from './affinity.ts'
import type { ExchangeContext } from './exchange-context.ts'
import { openTracing } from './open-tracing.ts'
import { stickinessBy } from './stickiness.ts'
import { trustedProxies } from './trusted-proxies.ts'
import type { WallOrigin } from './wall-origin.ts'

/** What stays when the settings change. */
export interface Lasting extends Pick<
  ExchangeContext,
  | 'active'
  | 'balancer'
  | 'clock'
  | 'counters'
  | 'line'
  | 'nextRequestId'
  | 'recent'
  | 'recorder'
  | 'room'
  | 'suspect'
  | 'touch'
  | 'upstreamOf'
> {
  readonly origin: WallOrigin
  /** What time it is, in milliseconds of Unix. */
  readonly unix: () => number
  readonly servers: { urlOf(server: Endpoint): string }
}

/** The rules of what comes in from here on. A request keeps the context that it began with. */
export function contextOf(
  parts: Lasting,
  settings: Settings,
  log: AccessLog | undefined,
  { hedges, retry }: Pick<ExchangeContext, 'hedges' | 'retry'>,
): ExchangeContext {
  const { active, balancer, clock, counters, line, recorder, room } = parts
  const { nextRequestId, recent, suspect, touch, unix, upstreamOf } = parts
  const trusts = trustedProxies(settings.trustedProxies)
  // To work keys out costs something.
  const keyed = log !== undefined || balancer.keyed
  return {
    active,
    recent,
    balancer,
    clock,
    counters,
    line,
    log,
    retry,
    room,
    affinity: keyed ? affinityBy(settings.affinity, trusts) : undefined,
    stickiness: stickinessBy(settings.stickiness, { balancer, now: unix, trusts }),
    limits: settings.limits,
    timeouts: settings.timeouts,
    recorder,
    nextRequestId,
    trusts,
    touch,
    hedges,
    tracing: openTracing(settings, parts),
    upstreamOf,
    suspect,
  }
}
