import { Admin } from '../../../proxy/admin/admin.ts'
import type { AdminSources } from '../../../proxy/admin/sources.ts'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { Outcome } from '../../../proxy/core/recorder.ts'
import { RetryPolicy } from '../../../proxy/core/retry.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { Series } from '../../../proxy/core/series.ts'
import type { ProbeOutcome } from '../../../proxy/health/probe.ts'
import { Counters } from '../../../proxy/http/counters.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'
import { RecordingDownstream } from '../../support/recording-downstream.ts'

/** Everything that Admin looks at, on a clock that the test moves. */
export class Scene {
  readonly clock = new Clock(7_000_000)
  readonly balancer: Balancer
  readonly series: Series
  readonly counters = new Counters()
  /** Lines of the access log. */
  lost = 0
  reloaded = true
  readAt = 1_700_000_000_500
  steeredAt: string | undefined
  readonly probed = new Map<Endpoint, Record<ProbeOutcome, number>>()
  readonly sources: AdminSources & { stopping: boolean }
  readonly admin: Admin

  constructor(servers: Endpoint[] = [new Endpoint('b1', { weight: 3 }), new Endpoint('b2')]) {
    const { clock, counters } = this
    const strategy = findStrategy('weighted_round_robin')!
    this.balancer = new Balancer({ clock, rng: new Rng(1), strategy })
    for (const server of servers) this.balancer.add(server)
    this.series = new Series(clock, this.balancer)
    this.sources = {
      prefix: '/lb',
      clock,
      balancer: this.balancer,
      series: this.series,
      retry: new RetryPolicy({ attempts: 1, budget: 0.2, minPerSecond: 3 }, clock),
      counters,
      connections: { open: 3, most: Infinity },
      probes: { countsOf: (server) => this.probed.get(server) },
      linesLost: () => this.lost,
      reloaded: () => this.reloaded,
      steeredAt: () => this.steeredAt,
      stopping: false,
      startedAt: '2026-01-02T03:04:05.678Z',
      lastReading: { ok: true, at: this.readAt },
    }
    const reading = (): AdminSources['lastReading'] => ({ ok: this.reloaded, at: this.readAt })
    Object.defineProperty(this.sources, 'lastReading', { get: reading })
    this.admin = new Admin(this.sources)
  }

  server(id: string): Endpoint {
    return this.balancer.servers.find((server) => server.id === id)!
  }

  /** Time goes by, as the proxy has it: a tick every 100 ms. */
  pass(time: number): void {
    for (const end = this.clock.now + time; this.clock.now < end;) {
      this.clock.now += 100
      this.balancer.tick()
      this.series.tick(this.balancer.servers)
    }
  }

  /** One request with one attempt. */
  serve(latency: number, outcome: Outcome = 'ok'): Endpoint {
    const server = this.balancer.acquire(0, 0)!
    this.balancer.release(server, latency, outcome)
    this.series.attempt(server, latency, outcome)
    this.series.request(latency, 1, outcome)
    this.counters.byClass[outcome === 'ok' ? 2 : 5]++
    return server
  }

  ask(target: string, method = 'GET', fields: readonly string[] = []): RecordingDownstream {
    const request = new RecordingDownstream(target, method, fields)
    this.admin.handle(request)
    return request
  }
}
