/** What an operator wants: take traffic, take no new traffic, or be left alone entirely. */
export type AdminState = 'ready' | 'drain' | 'maint'

/** What users see: the product of intent, health and limits. */
export type ServerState = 'up' | 'checking' | 'draining' | 'down' | 'full'

export interface EndpointOptions {
  /** Relative capacity: 0 (never picked), or from `LEAST_WEIGHT` to `MOST_WEIGHT`. Default 1. */
  weight?: number
  /** The most requests in flight at a time. Default: no limit. */
  max?: number
  /** Takes traffic only while no other server can. */
  backup?: boolean
}

const NONE = new Int32Array(1)

/**
 * What we know of a server: who it is, what it should get, how busy it is. The counters live in the balancer's memory,
 * at this server's slot; only the balancer writes them.
 */
export class Endpoint {
  readonly id: string
  readonly backup: boolean
  /** Where this server's numbers are in every array that `Memory` hands out per slot; -1 while it is in no balancer. */
  slot: number
  /** What strategies go by: the configured weight, less while a server starts slowly. Change it with `Balancer.setWeight`. */
  weight: number
  configuredWeight: number
  /** The most requests in flight; `Infinity` for no limit. Change it with `Balancer.setMax`. */
  max: number
  /** Change it with `Balancer.setAdmin`. */
  admin: AdminState
  /** What the health checks say. Change it with `Balancer.setHealthy`. */
  healthy: boolean
  /** Added to a running balancer and not yet judged by a health check. */
  unproven: boolean
  /** Taken out of its balancer; it may still have requests in flight. */
  removed: boolean
  /** Why health is as it is, in a few words: 'connect refused', '2 checks passed'. Empty when nothing ever happened. */
  reason: string
  private inflights: Int32Array

  /** Throws a `RangeError` for a weight or limit out of range. */
  constructor(id: string, options: EndpointOptions = {}) {
    this.id = id
    this.backup = options.backup ?? false
    this.slot = -1
    this.weight = checkWeight(id, options.weight ?? 1)
    this.configuredWeight = this.weight
    this.max = checkMax(id, options.max ?? Infinity)
    this.admin = 'ready'
    this.healthy = true
    this.unproven = false
    this.removed = false
    this.reason = ''
    this.inflights = NONE
  }

  /** Requests sent to this server and not yet settled, counted by this balancer. */
  get inflight(): number {
    return this.slot < 0 ? 0 : this.inflights[this.slot]
  }

  get state(): ServerState {
    if (this.admin !== 'ready') return this.admin === 'maint' ? 'down' : 'draining'
    if (!this.healthy) return this.unproven ? 'checking' : 'down'
    return this.inflight >= this.max ? 'full' : 'up'
  }

  /** May get new requests, as far as intent, weight, health and its limit go. */
  get usable(): boolean {
    return this.healthy && this.admin === 'ready' && this.weight > 0 && !(this.inflight >= this.max)
  }

  /** For the balancer: where the counters are. */
  attach(slot: number, inflights: Int32Array): void {
    this.slot = slot
    this.removed = false
    this.inflights = inflights
  }

  /**
   * The same server with another weight, for a strategy around a strategy to show: same id, slot and counters. What else is
   * public is as it is now: whoever changes it makes the balancer update its strategy, which makes a new one.
   */
  shadow(weight: number): Endpoint {
    const { backup, id, max } = this
    const shadow = new Endpoint(id, { weight, max, backup })
    shadow.attach(this.slot, this.inflights)
    shadow.configuredWeight = this.configuredWeight
    shadow.admin = this.admin
    shadow.healthy = this.healthy
    shadow.unproven = this.unproven
    shadow.removed = this.removed
    shadow.reason = this.reason
    return shadow
  }

  /** For the balancer: the server has left, with nothing in flight. */
  detach(): void {
    this.slot = -1
    this.inflights = NONE
  }
}

/** Nine orders of magnitude: enough for anybody, and few enough for sums and tables to stay exact. */
export const LEAST_WEIGHT = 0.001
export const MOST_WEIGHT = 1_000_000

/** What is wrong with a weight, if anything: `must be at least 0`. */
export function faultOfWeight(weight: unknown): string | undefined {
  if (typeof weight !== 'number') return 'must be a number'
  if (!(weight >= 0)) return 'must be at least 0'
  if (weight > 0 && weight < LEAST_WEIGHT) return `must be 0, or at least ${LEAST_WEIGHT}`
  return weight > MOST_WEIGHT ? `must be at most ${MOST_WEIGHT}` : undefined
}

/** Throws a `RangeError` unless it is a weight; gives it back. */
export function checkWeight(id: string, weight: number): number {
  const fault = faultOfWeight(weight)
  if (fault === undefined) return weight
  throw new RangeError(`weight of "${id}" ${fault}, got ${weight}`)
}

export function checkMax(id: string, max: number): number {
  if (max === Infinity || (Number.isInteger(max) && max >= 1)) return max
  throw new RangeError(`max of "${id}" must be a whole number of at least 1, got ${max}`)
}
