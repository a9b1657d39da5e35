import type { Endpoint } from '../core/endpoint.ts'
import type { TimeoutSettings } from '../settings.ts'
import { openUpstream } from './open-upstream.ts'
import type { Upstream } from './upstream.ts'
import type { Way } from './way.ts'

/** The connections to all servers. */
export class Upstreams {
  private timeouts: TimeoutSettings
  private readonly all = new Map<Endpoint, Upstream>()
  private readonly ways = new Map<Endpoint, Way>()
  /** They finish what they have. */
  private readonly retired = new Set<Upstream>()

  constructor(timeouts: TimeoutSettings) {
    this.timeouts = timeouts
  }

  watch(server: Endpoint, way: Way): void {
    const { connect, upstreamIdle } = this.timeouts
    const options = { connectTimeout: connect, idleTimeout: upstreamIdle }
    this.all.set(server, openUpstream(way, options))
    this.ways.set(server, way)
  }

  /** Other times, for connections that come about from here on; those there are carry what they carry, and are closed. */
  follow(timeouts: TimeoutSettings): void {
    const { connect, upstreamIdle } = this.timeouts
    this.timeouts = timeouts
    if (connect === timeouts.connect && upstreamIdle === timeouts.upstreamIdle) return
    for (const [server, old] of this.all) {
      this.retired.add(old)
      void old.close().then(() => this.retired.delete(old))
      this.watch(server, this.ways.get(server)!)
    }
  }

  forget(server: Endpoint): void {
    void this.all.get(server)?.destroy()
    this.all.delete(server)
    this.ways.delete(server)
  }

  /** Hot. */
  of(server: Endpoint): Upstream {
    return this.all.get(server)!
  }

  async destroy(): Promise<void> {
    const all = [...this.all.values(), ...this.retired]
    await Promise.all(all.map((upstream) => upstream.destroy()))
  }
}
