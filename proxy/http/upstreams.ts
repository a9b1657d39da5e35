import type { Endpoint } from '../core/endpoint.ts'
import type { TimeoutSettings } from '../settings.ts'
import { openUpstream } from './open-upstream.ts'
import type { Upstream } from './upstream.ts'
import type { Way } from './way.ts'

/** The connections to all servers. */
export class Upstreams {
  private readonly timeouts: TimeoutSettings
  private readonly all = new Map<Endpoint, Upstream>()

  constructor(timeouts: TimeoutSettings) {
    this.timeouts = timeouts
  }

  watch(server: Endpoint, way: Way): void {
    const { connect, upstreamIdle } = this.timeouts
    const options = { connectTimeout: connect, idleTimeout: upstreamIdle }
    this.all.set(server, openUpstream(way, options))
  }

  forget(server: Endpoint): void {
    void this.all.get(server)?.destroy()
    this.all.delete(server)
  }

  /** Hot. */
  of(server: Endpoint): Upstream {
    return this.all.get(server)!
  }

  async destroy(): Promise<void> {
    await Promise.all([...this.all.values()].map((upstream) => upstream.destroy()))
  }
}
