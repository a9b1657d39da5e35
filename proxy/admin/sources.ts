import type { ServerChoices } from '../core/choices.ts'
import type { Balancer } from '../core/balancer.ts'
import type { ConnectionCaps } from '../core/connection-caps.ts'
import type { Clock } from '../core/clock.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { RetryPolicy } from '../core/retry.ts'
import type { Series } from '../core/series.ts'
import type { Probes } from '../health/probes.ts'
import type { Counters } from '../http/counters.ts'
import type { LastReading } from './notes.ts'
import type { ThreadVitals } from './vitals.ts'

/** What the admin pages look at. They only ever read. */
export interface AdminSources {
  /** Where the pages are: `/lb`, with a slash before it and none after. */
  prefix: string
  clock: Clock
  balancer: Pick<Balancer, 'servers' | 'eligibleCount'> & {
    readonly choices: { of(server: Endpoint): ServerChoices }
  }
  series: Pick<Series, 'total' | 'attemptsOf' | 'listen'>
  retry: Pick<RetryPolicy, 'remaining'>
  counters: Counters
  /** Of clients: how many there are, and how many there may be. */
  connections: Pick<ConnectionCaps, 'open' | 'most'>
  probes: Pick<Probes, 'countsOf'>
  /** Of the access log: how many could not be kept or written. */
  linesLost(): number
  /** The configuration was good when it was last read. */
  reloaded(): boolean
  /** Where the proxy can be steered: a URL, if anywhere. */
  steeredAt(): string | undefined
  /** The proxy takes leave: it finishes what it has and wants nothing new. */
  readonly stopping: boolean
  /** How the configuration was last read; `at`: when it was well, in milliseconds of Unix. */
  readonly lastReading: LastReading
  /** ISO 8601. */
  startedAt: string
  /** Where several threads are one proxy: gathers what all of them have counted. */
  refresh?(): Promise<void>
  /** How these threads are together; else it is measured here. */
  vitals?(): ThreadVitals
}
