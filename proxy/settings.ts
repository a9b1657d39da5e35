import type { Deadlines } from './core/deadlines.ts'
import type { EjectionOptions } from './core/ejection.ts'
import type { HedgeOptions } from './core/hedging.ts'
import type { SlowStartOptions } from './core/slow-start.ts'
import type { QueueOptions } from './core/waiting-line.ts'
import type { ListenSettings } from './listen-settings.ts'
import type { StrategySpec } from './strategies/index.ts'
import type { DnsSettings, NameSettings, UpstreamTls, Whereabouts } from './upstream-settings.ts'

/**
 * Everything that can be set, checked and complete: what `config.ts` makes of defaults, file, environment and flags. Times
 * are milliseconds, sizes bytes, shares 0 to 1.
 */
export interface Settings {
  /** Where clients come in; one at least. */
  listen: ListenSettings[]
  strategy: StrategySettings
  servers: ServerSettings[]
  /** Names whose addresses are servers as well; absent: none. */
  names?: NameSettings[]
  /** How such names are looked up. */
  dns: DnsSettings
  /** How TLS is spoken to servers that say nothing else of it. */
  tls: UpstreamTls
  /** Active checks; false switches them off. */
  health: HealthSettings | false
  /** Servers that come back get their share little by little; false: all at once. */
  slowStart: SlowStartOptions | false
  /** Servers whose requests fail are taken out for a while; false: they are not. */
  ejection: EjectionOptions | false
  /** Where a smaller share of the servers than this is well, health is ignored; 0: never. */
  panic: number
  /** Where requests wait while every server is full; false: they are refused at once. */
  queue: QueueOptions | false
  /** How servers are asked for their load, by strategies that ask. */
  probes: ProbeSettings
  timeouts: TimeoutSettings
  retries: { attempts: number; budget: number; minPerSecond: number }
  /** A second attempt beside a first that takes long; false: none. */
  hedging: HedgeOptions | false
  limits: LimitSettings
  /** A JSON line a request: to standard output, to a file, or not at all. */
  accessLog: 'stdout' | { file: string } | false
  /** Where the proxy can be steered while it runs; false: nowhere. */
  admin: AdminSettings | false
  /** How many requests are remembered, for the admin API to tell how they went; false: none, as where there is no admin API. */
  explain: { size: number } | false
  /** Where the read-only eyes are; false switches them off. */
  stats: { prefix: string } | false
  /** Peers (addresses or CIDR ranges) whose forwarded fields are believed and appended to. */
  trustedProxies: string[]
  /** What a keyed strategy hashes, and what the access log gives as `key`. */
  affinity: KeySource
  /** Requests of a session go to the server where it is, whatever the strategy; false: none does. */
  stickiness: StickinessSettings | false
  /** The protocols that a request may ask to change to, in lower case: each opens a tunnel. */
  upgrades: string[]
  /** Spans for OpenTelemetry. */
  tracing: boolean
  /** Threads that share one balancer. */
  workers: number
  /** Repeats every random choice; drawn afresh when absent. */
  seed?: number
}

/** One of the registry's, checked, by its own name and with times in milliseconds; or a file of the user's. */
export type StrategySettings = StrategySpec | StrategyFile

export interface StrategyFile {
  /** An absolute path. */
  readonly file: string
  /** What stands beside it in the configuration: the strategy gets it as it is, and has to check it itself. */
  readonly options: Readonly<Record<string, unknown>>
}

export interface ServerSettings extends Whereabouts {
  id: string
  weight: number
  /** Most requests in flight; absent: no limit. */
  max?: number
  backup: boolean
}

/** What requests are told apart by: their client's address, or what they say in a field, a parameter of the query or a cookie. */
export type KeySource = 'address' | { header: string } | { query: string } | { cookie: string }

/** By what requests say of themselves, or by a cookie of our own that names the server. */
export type StickinessSettings =
  | Exclude<KeySource, { cookie: string }>
  | { cookie: StickyCookieSettings }

export interface StickyCookieSettings {
  name: string
  path: string
  /** The first one seals, all of them open. */
  secrets: readonly string[]
  /** How long a session lives after its cookie was set, in milliseconds; absent: as long as the browser is open. */
  ttl?: number
}

export interface AdminSettings {
  host: string
  port: number
  /** What a client has to show. Always there where others than this machine can connect. */
  token?: string
  /** Where people find it, where that is not where it listens: a URL without a path. */
  page?: string
}

export interface HealthSettings {
  path: string
  interval: number
  timeout: number
  fall: number
  rise: number
}

export interface ProbeSettings {
  path: string
  timeout: number
}

export interface TimeoutSettings extends Deadlines {
  connect: number
  clientHeader: number
  clientIdle: number
  upstreamIdle: number
  stop: number
  /** How long a proxy that is to stop says so before it closes its doors; 0: not at all. */
  notice: number
  /** Of a tunnel without a byte in either direction. */
  tunnelIdle: number
  /** Of the tunnels of a server that is to get no more requests. */
  tunnelDrain: number
}

export interface LimitSettings {
  headSize: number
  fields: number
  target: number
  /** The largest request body; absent: no limit. */
  body?: number
  /** Requests at a time on one connection of HTTP/2. */
  streams: number
  /** Most connections of clients at a time; `auto`: as many as the files that the process may open allow; false: no limit. */
  connections: number | 'auto' | false
  /** Of those, the most of one address (IPv6: of one network of 64 bits); absent: no limit. */
  connectionsPerAddress?: number
  /** How much of a request's body is kept to send it again. */
  replay: number
}
