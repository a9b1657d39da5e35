import type { AdminState, Endpoint } from '../core/endpoint.ts'
import type { Tally } from '../core/tally.ts'

/** What an operator wants of a server; what is left out stays as it is. */
export interface Wish {
  readonly state?: AdminState
  readonly weight?: number
  /** `Infinity` for no limit. */
  readonly max?: number
}

/** What the API steers: a proxy of one thread, or of several. */
export interface Steered {
  readonly balancer: { readonly servers: readonly Endpoint[] }
  readonly servers: {
    urlOf(server: Endpoint): string
    /** In every thread. */
    steer(server: Endpoint, wish: Wish): void
  }
  /** What the attempts at this server came to since the beginning. */
  attemptsAt(server: Endpoint): Promise<Tally>
}
