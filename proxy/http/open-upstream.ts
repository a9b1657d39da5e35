import { H2Upstream } from './h2-upstream.ts'
import { UndiciUpstream } from './undici-upstream.ts'
import type { Upstream } from './upstream.ts'
import type { Way } from './way.ts'

export interface UpstreamOptions {
  /** How long a connection may take to come about, in milliseconds. */
  readonly connectTimeout: number
  /** How long an idle connection is kept, at most, in milliseconds; 0: each is used once. */
  readonly idleTimeout: number
  /** So many connections at most. Default: as many as there are requests at a time. */
  readonly connections?: number
}

/** The connections to one server, in the protocol that goes with it. */
export function openUpstream(way: Way, options: UpstreamOptions): Upstream {
  return way.protocol === 'h1' ? new UndiciUpstream(way, options) : new H2Upstream(way, options)
}
