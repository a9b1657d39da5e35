import type { Clock } from './core/clock.ts'
import type { Caps } from './http/caps.ts'
import { Counters } from './http/counters.ts'
import { Descriptors } from './http/descriptors.ts'
import { Door } from './http/door.ts'
import { Http2Listener } from './http/http2-listener.ts'
import type { ListenerOwner } from './http/listener.ts'
import { NodeListener } from './http/node-listener.ts'
import { trustedProxies } from './http/trusted-proxies.ts'
import type { Settings } from './settings.ts'
import type { Team } from './threads/team.ts'
import { readCertificates } from './tls/certificates.ts'
import { TicketKeys } from './tls/ticket-keys.ts'

export interface DoorParts {
  readonly settings: Settings
  readonly clock: Clock
  readonly unix: () => number
  readonly caps: Caps
  readonly team: Team | undefined
  readonly warn: (message: string) => void
}

/** The way in, from the settings. Throws a `CertificateFault`. */
export function makeDoor(owner: ListenerOwner & { counters: Counters }, parts: DoorParts): Door {
  const { caps, clock, settings, team, unix, warn } = parts
  const { counters } = owner
  const { limits, timeouts, upgrades } = settings
  return new Door({
    http1: new NodeListener({ limits, timeouts, upgrades }, clock, owner),
    http2: new Http2Listener({ limits, timeouts }, clock, owner),
    caps,
    descriptors: new Descriptors(warn),
    now: () => clock.now,
    timeout: timeouts.clientHeader,
    trusts: trustedProxies(settings.trustedProxies),
    certificates: team?.certificates ?? readCertificates(settings.listen),
    ticketKeys: team ? TicketKeys.from(team.ticketKeys) : TicketKeys.drawn(unix()),
    unix,
    turnedAway: (reason) => Counters.increase(counters.turnedAway, reason),
  })
}
