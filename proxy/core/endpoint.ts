/** What an operator wants: take traffic, take no new traffic, or be left alone entirely. */
export type AdminState = 'ready' | 'drain' | 'maint'

const BY_OPERATOR = { drain: 'by an operator', maint: 'by an operator: maint' } as const

/**
 * What a server's answers to real requests say of it (passive health): it is good, sits out (`ejected`), may have one request to
 * show that it is well again (`probation`), or has that request now (`probing`). See ejection.ts.
 */
export type Standing = 'good' | 'ejected' | 'probation' | 'probing'

/** What users see: the product of intent, active and passive health, and limits. */
export type ServerState = 'up' | 'checking' | 'draining' | 'down' | 'ejected' | 'full'

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
  /** Change it with `Balancer.setBackup`. */
  backup: boolean
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
  /** What its answers say, as this thread last saw it. The balancer's to change. */
  standing: Standing
  /** Taken out of its balancer; it may still have requests in flight. */
  removed: boolean
  /** The latest word on its health, in a few words: 'connect refused', '2 checks passed'. Empty when nothing ever happened. */
  healthReason: string
  /** Why its standing is not `good`. */
  standingReason: string
  private inflights: Int32Array
  /** What strategies see of it. */
  private seen: Int32Array

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
    this.standing = 'good'
    this.removed = false
    this.healthReason = ''
    this.standingReason = ''
    this.inflights = NONE
    this.seen = NONE
  }

  /** Requests sent to this server and not yet settled, counted by this balancer. */
  get inflight(): number {
    return this.slot < 0 ? 0 : this.seen[this.slot]
  }

  get state(): ServerState {
    if (this.admin !== 'ready') return this.admin === 'maint' ? 'down' : 'draining'
    if (!this.healthy) return this.unproven ? 'checking' : 'down'
    if (this.standing !== 'good') return this.standing === 'ejected' ? 'ejected' : 'checking'
    return this.full ? 'full' : 'up'
  }

  /** Why the state is what it is, in a few words; empty when nothing ever happened. */
  get reason(): string {
    if (this.admin !== 'ready') return BY_OPERATOR[this.admin]
    return this.healthy && this.standing !== 'good' ? this.standingReason : this.healthReason
  }

  /** May get new requests, as far as intent, weight, health and its limit go. */
  get usable(): boolean {
    return this.fit && !this.full
  }

  /** Likewise, but for the limit. */
  get fit(): boolean {
    const { healthy, standing } = this
    return healthy && (standing === 'good' || standing === 'probation') && this.wanted
  }

  /** Meant to get new requests: what operators want, whatever health and limits say. */
  get wanted(): boolean {
    return this.admin === 'ready' && this.weight > 0
  }

  /** Active and passive health have nothing against it. */
  get well(): boolean {
    return this.healthy && this.standing === 'good'
  }

  /** Has as many requests in flight as it may. */
  get full(): boolean {
    return this.slot >= 0 && this.inflights[this.slot] >= this.max
  }

  /** For the balancer: where the counters are. Throws a `RangeError` for a server that has a place already. */
  attach(slot: number, inflights: Int32Array, seen = inflights): void {
    if (this.slot >= 0) throw new RangeError(`server "${this.id}" is in a balancer already`)
    this.slot = slot
    this.removed = false
    this.standing = 'good'
    this.standingReason = ''
    this.inflights = inflights
    this.seen = seen
  }

  /**
   * The same server with another weight, for a strategy around a strategy to show: same id, slot and counters. What else is
   * public is as it is now: whoever changes it makes the balancer update its strategy, which makes a new one.
   */
  shadow(weight: number): Endpoint {
    const { backup, id, max } = this
    const shadow = new Endpoint(id, { weight, max, backup })
    shadow.attach(this.slot, this.inflights, this.seen)
    shadow.configuredWeight = this.configuredWeight
    shadow.admin = this.admin
    shadow.healthy = this.healthy
    shadow.unproven = this.unproven
    shadow.standing = this.standing
    shadow.removed = this.removed
    shadow.healthReason = this.healthReason
    shadow.standingReason = this.standingReason
    return shadow
  }

  /** For the balancer: the server has left, with nothing in flight. */
  detach(): void {
    this.slot = -1
    this.inflights = NONE
    this.seen = NONE
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
