import type { AdminState, Endpoint } from '../core/endpoint.ts'
import type { Admin } from '../admin/admin.ts'
import type { RecentRequests } from '../http/recent.ts'
import type { ServerSettings } from '../settings.ts'
import type { Work } from './work.ts'

/** What an operator wants of a server; what is left out stays as it is. */
export interface Wish {
  readonly state?: AdminState
  readonly weight?: number
  /** `Infinity` for no limit. */
  readonly max?: number
  readonly backup?: boolean
}

/** What the API steers: a proxy of one thread, or of several. */
export interface Steered {
  readonly balancer: { readonly servers: readonly Endpoint[] }
  readonly servers: {
    urlOf(server: Endpoint): string
    /** In every thread. */
    steer(server: Endpoint, wish: Wish): void
    /** Likewise; where there are checks they have to find it well first. Throws a `RangeError` where there is no room. */
    add(server: ServerSettings): void
    remove(server: Endpoint): void
  }
  /** The pages that show it; undefined while they are switched off. */
  readonly eyes: { readonly admin: Admin | undefined }
  /** Where this API is, for those who look. */
  steeredAt: string | undefined
  /** What is remembered of requests; undefined: nothing. */
  readonly recent: RecentRequests | undefined
  workAt(server: Endpoint): Promise<Work>
}
