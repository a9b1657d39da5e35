import type { Balancer } from '../core/balancer.ts'
import type { Clock } from '../core/clock.ts'
import { Decision } from '../core/decision.ts'
import type { Outcome } from '../core/recorder.ts'
import type { Sight } from '../core/sight.ts'
import type { Settings } from '../settings.ts'
import type { Active } from './active.ts'
import type { Attempt } from './attempt.ts'
import type { Exchange } from './exchange.ts'
import {
  cut,
  KeptRequest,
  MOST_ATTEMPTS,
  type RequestStory,
  type RequestSummary,
} from './kept-request.ts'
import type { Tries } from './tries.ts'
import type { WallOrigin } from './wall-origin.ts'

/** Which requests are wanted. */
export interface RequestFilter {
  readonly server?: string
  readonly outcome?: string
  readonly limit: number
}

/** What there is to know of requests, in this thread or in all. */
export interface RecentRequests {
  /** The latest first. */
  list(filter: RequestFilter): Promise<RequestSummary[]>
  /** Undefined: it is not remembered. Of several with this id the latest. */
  find(id: string): Promise<RequestStory | undefined>
}

/**
 * Remembers the last requests, and how each of their attempts was decided: so that somebody can ask why a request went where it went.
 * What is kept are numbers, of the moment; words are made when somebody asks. All of it is used again in turn, so that its size is
 * bounded, by the requests that it is for, and filling it allocates next to nothing.
 */
export class Recent implements RecentRequests {
  private readonly size: number
  private readonly balancer: Balancer
  private readonly sight: Sight
  private readonly active: Active
  private readonly clock: Clock
  private readonly origin: WallOrigin
  private readonly ring: KeptRequest[] = []
  private next = 0
  private readonly spare: Decision[] = []

  constructor(size: number, balancer: Balancer, active: Active, clock: Clock, origin: WallOrigin) {
    this.size = size
    this.balancer = balancer
    this.sight = balancer.open()
    this.active = active
    this.clock = clock
    this.origin = origin
  }

  /** Just after the server of this attempt was chosen, and before another one is. */
  decided(attempt: Attempt, place: number): void {
    if (place >= MOST_ATTEMPTS) return
    const decision = this.spare.pop() ?? new Decision()
    decision.keep(this.sight)
    attempt.decision = decision
  }

  /** A request ends because no server could get it, or soon enough. */
  turnedAway({ attempt, key, tried }: Tries): Decision {
    const { balancer, sight, spare } = this
    const decision = spare.pop() ?? new Decision()
    sight.turnedAway(balancer.eligible, balancer.strategy.name, key, attempt, tried)
    decision.keep(sight)
    return decision
  }

  /** It is over. */
  add(exchange: Exchange, outcome: Outcome, now: number): void {
    const { next, ring, size, spare } = this
    const kept = (ring[next] ??= new KeptRequest())
    kept.keep(exchange, outcome, now, spare)
    this.next = (next + 1) % size
    if (spare.length > size) spare.length = size // Of a time when more were under way.
  }

  list({ limit, outcome, server }: RequestFilter): Promise<RequestSummary[]> {
    const found: RequestSummary[] = []
    for (const kept of this.latestFirst()) {
      if (found.length === limit) break
      if (server !== undefined && kept.server !== server) continue
      if (outcome !== undefined && (kept.outcome ?? 'pending') !== outcome) continue
      found.push(kept.summary(this.origin.value))
    }
    return Promise.resolve(found)
  }

  find(id: string): Promise<RequestStory | undefined> {
    const wanted = cut(id)
    for (const kept of this.latestFirst()) {
      if (kept.id === wanted) return Promise.resolve(kept.story(this.origin.value))
    }
    return Promise.resolve(undefined)
  }

  /** Those under way, and then those that are over. */
  private *latestFirst(): Generator<KeptRequest> {
    for (const exchange of this.active.all.toReversed()) {
      const kept = new KeptRequest()
      kept.keep(exchange, null, this.clock.now, [])
      yield kept
    }
    const { next, ring } = this
    for (let i = 1; i <= ring.length; i++) yield ring[(next - i + ring.length) % ring.length]
  }
}

/** Undefined where nothing is to be remembered. */
export function recentOf(
  { explain }: Pick<Settings, 'explain'>,
  balancer: Balancer,
  active: Active,
  clock: Clock,
  origin: WallOrigin,
): Recent | undefined {
  return explain ? new Recent(explain.size, balancer, active, clock, origin) : undefined
}

/** Puts together what several threads remember: the latest first. */
export function mergeRequests(
  parts: readonly (readonly RequestSummary[])[],
  limit: number,
): RequestSummary[] {
  const all = parts.flat().sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0))
  return all.slice(0, limit)
}
