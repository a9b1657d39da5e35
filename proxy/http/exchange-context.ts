import type { Balancer } from '../core/balancer.ts'
import type { Clock } from '../core/clock.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { Recorder } from '../core/recorder.ts'
import type { RetryPolicy } from '../core/retry.ts'
import type { WaitingLine } from '../core/waiting-line.ts'
import type { LimitSettings, TimeoutSettings } from '../settings.ts'
import type { AccessLog } from './access-log.ts'
import type { Active } from './active.ts'
import type { Affinity } from './affinity.ts'
import type { Counters } from './counters.ts'
import type { Recent } from './recent.ts'
import type { Room } from './room.ts'
import type { Stickiness } from './session.ts'
import type { Hedges } from './hedges.ts'
import type { Tracing } from './tracing.ts'
import type { Upstream } from './upstream.ts'

/** What all exchanges of a proxy share. Settings that change make another one, for those who come after: see `contextOf`. */
export interface ExchangeContext {
  readonly clock: Clock
  /** Brings the clock up to date, and reads it. */
  touch(): number
  readonly balancer: Balancer
  /** Asked for a server in the balancer's place. */
  readonly line: WaitingLine
  readonly room: Room
  /** Undefined where nobody gets a second attempt beside the first. */
  readonly hedges: Hedges | undefined
  readonly retry: RetryPolicy
  readonly recorder: Recorder
  readonly counters: Counters
  readonly limits: LimitSettings
  readonly timeouts: TimeoutSettings
  /** Undefined where nobody asks for keys. */
  readonly affinity: Affinity | undefined
  /** Undefined where no session sticks. */
  readonly stickiness: Stickiness | undefined
  readonly log: AccessLog | undefined
  readonly active: Active
  /** Undefined where nobody can ask about requests that are over. */
  readonly recent: Recent | undefined
  /** Undefined where nobody traces. */
  readonly tracing: Tracing | undefined
  upstreamOf(server: Endpoint): Upstream
  /** Whether that peer's word about its client is believed. */
  readonly trusts: (address: string) => boolean
  /** A server failed a request: its health should be looked at soon. */
  suspect(server: Endpoint): void
  nextRequestId(): string
}
