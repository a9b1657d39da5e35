import type { StrategySpec } from '../proxy/core/registry.ts'
import type { ArrivalSpec } from './arrivals.ts'
import type { DistributionSpec } from './distributions.ts'
import type { KeySpec } from './keys.ts'
import type { PolicySpec } from './policy.ts'
import type { WorkSpec } from './work.ts'

/**
 * Everything that a run depends on, as plain data: it can be cloned to a worker, compared, printed, put into an address. The same
 * scenario gives the same run, to the last bit, wherever it runs. Times are milliseconds, rates per second, shares from 0 to 1.
 */
export interface Scenario {
  readonly name: string
  readonly seed: number
  /** Requests arrive until then; those under way are still followed to their end. */
  readonly duration: number
  /** Requests that arrive before are served, but not counted. Default 0. */
  readonly warmup?: number
  readonly arrivals: ArrivalSpec
  /** Service demand: how long a request keeps a worker busy at speed 1. */
  readonly work: WorkSpec
  /**
   * Whose the work is. `request`: what is asked for is large or small, and each attempt at it costs the same. `attempt`: servers have good
   * and bad moments, and each attempt draws anew. Default `request`.
   */
  readonly workOf?: 'request' | 'attempt'
  /** What requests ask for, where that matters: to keyed strategies and to caches. Default: a key of its own for each request. */
  readonly keys?: KeySpec
  readonly servers: readonly ServerSpec[]
  /** Independent balancers in front of the same servers, each with its own strategy and policies; each request meets one drawn at random. Default 1. */
  readonly proxies?: number
  readonly strategy: StrategySpec
  readonly policy?: PolicySpec
  /** How long a message takes from proxy to server, and back again: two draws an attempt. Default: no time. */
  readonly network?: DistributionSpec
  /** How strategies see the requests in flight. Default: as they are. */
  readonly information?: InformationSpec
  /**
   * Servers that become idle say so to one proxy, drawn at random, and say nothing else. Default: they say how they are in their answers, and
   * when they are asked, to strategies that listen.
   */
  readonly notices?: boolean
  /** What happens on the way, in any order. */
  readonly events?: readonly EventSpec[]
}

export interface ServerSpec {
  /** Default: s1, s2, … by place. */
  readonly id?: string
  /** So many alike; their ids are numbered. Default 1. */
  readonly count?: number
  /** Requests served at a time. Default 1. */
  readonly workers?: number
  /** Requests that may wait; one more is turned away with an error. Default: no limit. */
  readonly queue?: number
  /**
   * `fifo`: first come first served. `lifo`: the latest first. `sharing`: all at once, sharing the workers equally, none faster than one
   * worker. `infinite`: nobody waits. Default `fifo`.
   */
  readonly discipline?: Discipline
  /** Work done a millisecond by each worker. Default 1. */
  readonly speed?: number
  /** What the balancer is told. Default 1. */
  readonly weight?: number
  /** The most requests in flight that the balancer allows. Default: no limit. */
  readonly max?: number
  readonly backup?: boolean
  readonly failure?: FailureSpec
  /** A cold compiler: the first `requests` after a start take `factor` times as long. */
  readonly cold?: { readonly requests: number; readonly factor: number }
  /** It keeps the last `entries` keys asked for; a request for one of them takes `hit` times its work. */
  readonly cache?: { readonly entries: number; readonly hit: number }
  /** A noisy neighbour: now and then the speed is multiplied by `speed`. */
  readonly antagonist?: AntagonistSpec
  /** Does not begin work for which the deadline of the client has passed. Default false. */
  readonly dropsExpired?: boolean
}

export type Discipline = 'fifo' | 'lifo' | 'sharing' | 'infinite'

export interface FailureSpec {
  /** The share of requests that end in an error. */
  readonly rate: number
  /** What such a request is answered with. A 503, like one that is turned away, counts for ejection; a 500 does not. Default 500. */
  readonly status?: 500 | 503
  /** How long a failing request keeps its worker busy, whatever the speed. Default: as long as a good one. */
  readonly after?: number
}

export interface AntagonistSpec {
  readonly speed: number
  /** How long it is at work, and how long it is quiet. It is quiet at first. */
  readonly on: DistributionSpec
  readonly off: DistributionSpec
}

/** Strategies see the requests in flight as they were at the last multiple of `every`. */
export interface InformationSpec {
  readonly every: number
}

/**
 * Something that happens at `at`, and again each `every` after that. `server`: an id, a list of them, or `*` for all.
 *
 * `set` changes what a server is; `pause` stops its work for so long (a garbage collection); `outage` makes it refuse connections, or
 * hang, until `outage: false`; `restart` ends what it has in hand, refuses for so long, and is cold afterwards. `operator` is what somebody does to the
 * balancers. `traffic`: from then on requests of an open process come so many times as fast as `arrivals` says. `add` and `remove` change their pool, `strategy` changes how they choose, `push` gives them a new configuration, so that
 * strategies begin anew.
 */
export type EventSpec = {
  readonly at: number
  readonly every?: number
} & (
  | { readonly server: Those; readonly set: ServerChange }
  | { readonly server: Those; readonly pause: number }
  | { readonly server: Those; readonly outage: 'refuse' | 'hang' | false }
  | { readonly server: Those; readonly restart: number }
  | { readonly server: Those; readonly operator: OperatorChange }
  | { readonly traffic: number }
  | { readonly add: ServerSpec }
  | { readonly remove: Those }
  | { readonly strategy: StrategySpec }
  | { readonly push: true }
)

export type Those = string | readonly string[]

export interface ServerChange {
  readonly speed?: number
  readonly failure?: FailureSpec
}

export interface OperatorChange {
  readonly weight?: number
  readonly max?: number
  readonly admin?: 'ready' | 'drain' | 'maint'
}
