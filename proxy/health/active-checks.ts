import type { Balancer } from '../core/balancer.ts'
import type { Clock } from '../core/clock.ts'
import type { Endpoint } from '../core/endpoint.ts'
import { Health } from '../core/health.ts'
import type { Rng } from '../core/rng.ts'
import { openUpstream } from '../http/open-upstream.ts'
import type { Upstream } from '../http/upstream.ts'
import type { Way } from '../http/way.ts'
import type { HealthSettings } from '../settings.ts'
import { Check } from './check.ts'

/** Who is told what the checks found. */
export type HealthBook = Pick<Balancer, 'setHealthy' | 'setReason'>

/** One server under watch. */
interface Watched {
  readonly server: Endpoint
  readonly way: Way
  upstream: Upstream
  readonly authority: string
  readonly health: Health
  nextAt: number
  check: Check | undefined
}

/**
 * Asks every server again and again whether it is well, over connections of its own, each used once: a kept connection could
 * stand where no new one would come about. Runs on the proxy's tick, so that time is the proxy's clock.
 */
export class ActiveChecks {
  private settings: HealthSettings
  private readonly balancer: HealthBook
  private readonly clock: Clock
  private readonly rng: Rng
  private readonly watched = new Map<Endpoint, Watched>()

  constructor(settings: HealthSettings, balancer: HealthBook, clock: Clock, rng: Rng) {
    this.settings = settings
    this.balancer = balancer
    this.clock = clock
    this.rng = rng
  }

  watch(server: Endpoint, way: Way): void {
    const upstream = this.open(way)
    const health = new Health(this.settings, server.healthy)
    this.watched.set(server, {
      server,
      way,
      upstream,
      authority: way.authority,
      health,
      nextAt: this.clock.now + health.firstPause(this.settings.interval, this.rng),
      check: undefined,
    })
  }

  forget(server: Endpoint): void {
    const watched = this.watched.get(server)
    this.watched.delete(server)
    void watched?.upstream.destroy()
  }

  /** Other settings. What was found so far stays; a check that is under way ends as it began, and the next one comes in time. */
  follow(settings: HealthSettings): void {
    const { interval, timeout } = this.settings
    this.settings = settings
    for (const watched of this.watched.values()) {
      const { health } = watched
      health.options = settings
      if (settings.timeout !== timeout) this.renew(watched)
      if (settings.interval === interval) continue
      const soon = this.clock.now + health.firstPause(settings.interval, this.rng)
      watched.nextAt = Math.min(watched.nextAt, soon)
    }
  }

  private renew(watched: Watched): void {
    const old = watched.upstream
    watched.upstream = this.open(watched.way)
    void (watched.check === undefined ? old.destroy() : old.close())
  }

  private open(way: Way): Upstream {
    return openUpstream(way, { connectTimeout: this.settings.timeout, idleTimeout: 0 })
  }

  /** Something went wrong with this server: ask it now. */
  suspect(server: Endpoint): void {
    const watched = this.watched.get(server)
    if (watched === undefined || !server.healthy) return
    const soon = this.clock.now
    // A check that is just over has told what there is to tell.
    if (!watched.health.unsettled && watched.check === undefined)
      watched.nextAt = Math.min(watched.nextAt, soon)
  }

  tick(): void {
    const { now } = this.clock
    for (const watched of this.watched.values()) {
      if (watched.check !== undefined) watched.check.expire(now)
      else if (now >= watched.nextAt) this.begin(watched, now)
    }
  }

  async stop(): Promise<void> {
    const upstreams = [...this.watched.values()].map(({ upstream }) => upstream)
    this.watched.clear()
    await Promise.all(upstreams.map((upstream) => upstream.destroy()))
  }

  private begin(watched: Watched, now: number): void {
    const deadline = now + this.settings.timeout
    watched.check = new Check(deadline, (passed, reason) => this.report(watched, passed, reason))
    watched.check.begin(watched.upstream, this.settings.path, watched.authority)
  }

  private report(watched: Watched, passed: boolean, reason: string): void {
    if (!this.watched.has(watched.server)) return
    const { health, server } = watched
    const change = health.report(passed)
    if (change === 'fell') this.balancer.setHealthy(server, false, reason)
    if (change === 'rose') {
      this.balancer.setHealthy(server, true, `${this.settings.rise} checks passed`)
    } else if (!passed && !server.healthy) this.balancer.setReason(server, reason)
    watched.check = undefined
    watched.nextAt = this.clock.now + health.pause(this.settings.interval, this.rng)
  }
}
