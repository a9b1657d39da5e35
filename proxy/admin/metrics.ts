import { type MetricType, Registry } from '@prometheus-io/client'
import type { ServerChoices } from '../core/choices.ts'
import type { Endpoint, ServerState } from '../core/endpoint.ts'
import { EXCLUSIONS } from '../core/exclusions.ts'
import { OUTCOMES } from '../core/recorder.ts'
import type { Tally } from '../core/tally.ts'
import { PROBE_OUTCOMES } from '../health/probe.ts'
import { SESSION_WORDS } from '../http/session.ts'
import { TURNED_AWAY } from '../http/turned-away.ts'
import { Family, histogramSamples, type Sample } from './family.ts'
import { ProcessMetrics } from './process-metrics.ts'
import type { AdminSources } from './sources.ts'
import { addTunnels } from './tunnel-metrics.ts'
import { VERSION } from './version.ts'

const STATES: readonly ServerState[] = ['up', 'checking', 'draining', 'down', 'ejected', 'full']
const CLASSES = ['left', '1xx', '2xx', '3xx', '4xx', '5xx'] as const
/** There from the start, so that a rate over them sees the first one. */
const RETRY_REASONS = ['refused', 'error', 'timeout', 'stale_connection', 'hedge']

/**
 * The figures for Prometheus. Nothing here is on the hot path: what the balancer, the series and the counters have is read
 * when somebody scrapes. Labels are bounded by the configured servers, and a removed server's lines go with it.
 */
export class Metrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE
  private readonly sources: AdminSources
  private readonly registry = new Registry()
  private readonly process: ProcessMetrics
  /** Each server's attempts, summed up once a scrape. */
  private attempts: readonly (readonly [Endpoint, Tally])[] = []
  private choices: readonly (readonly [Endpoint, ServerChoices])[] = []

  constructor(sources: AdminSources) {
    this.sources = sources
    this.addTraffic()
    this.addServers()
    addTunnels(sources, (type, name, help, read) => this.add(type, name, help, read))
    this.process = new ProcessMetrics(this.registry, sources)
  }

  /** The text of one scrape. */
  scrape(): Promise<string> {
    const { balancer, series } = this.sources
    this.attempts = balancer.servers.map((server) => [server, series.attemptsOf(server)])
    this.choices = balancer.servers.map((server) => [server, balancer.choices.of(server)])
    return this.registry.metrics()
  }

  close(): void {
    this.process.close()
  }

  private addTraffic(): void {
    const { counters, retry, series } = this.sources
    this.add('gauge', 'lb_build_info', 'The version that runs; always 1.', () => [
      { labels: { version: VERSION }, value: 1 },
    ])
    // Not a label of what is counted: the strategy can change, and would take the counts of others along.
    this.add('gauge', 'lb_strategy_info', 'The strategy that chooses now; always 1.', () => {
      const { promise, strategy } = series.total()
      return [{ labels: { strategy, promise }, value: 1 }]
    })
    this.add(
      'counter',
      'lb_requests_total',
      'Requests by class of the final status; left: the client went before an answer.',
      () =>
        CLASSES.map((word, index) => ({
          labels: { code_class: word },
          value: counters.byClass[index],
        })),
    )
    this.add(
      'counter',
      'lb_refused_total',
      'Requests that no server saw, by the word of the error.',
      () =>
        Object.entries(counters.refused).map(([error, value]) => ({ labels: { error }, value })),
    )
    this.add(
      'counter',
      'lb_retries_total',
      'Retries by how the try before failed; hedge: it took long.',
      () => {
        const reasons = new Set([...RETRY_REASONS, ...Object.keys(counters.retries)])
        return [...reasons].map((reason) => ({
          labels: { reason },
          value: counters.retries[reason] ?? 0,
        }))
      },
    )
    this.add(
      'counter',
      'lb_sticky_total',
      'Requests by what became of their session, where sessions stick.',
      () =>
        SESSION_WORDS.map((result) => ({
          labels: { result },
          value: counters.sessions[result] ?? 0,
        })),
    )
    this.add(
      'gauge',
      'lb_retry_budget_remaining',
      'Retries that the budget would allow now.',
      () => [{ labels: {}, value: retry.remaining }],
    )
    this.add(
      'gauge',
      'lb_config_last_reload_success_timestamp_seconds',
      'When it last could.',
      () => [{ labels: {}, value: this.sources.lastReading.at / 1000 }],
    )
    this.add('gauge', 'lb_connections', 'Open connections of clients.', () => [
      { labels: {}, value: this.sources.connections.open },
    ])
    this.add(
      'counter',
      'lb_connections_refused_total',
      'Connections that were not let in, by why.',
      () =>
        TURNED_AWAY.map((reason) => ({
          labels: { reason },
          value: counters.turnedAway[reason] ?? 0,
        })),
    )
    this.add('gauge', 'lb_queue', 'Requests that wait because every server is full.', () => [
      { labels: {}, value: series.total().waiting },
    ])
    this.add('gauge', 'lb_panic', '1 while so few servers are well that health is ignored.', () => [
      { labels: {}, value: series.total().panic ? 1 : 0 },
    ])
    this.add('counter', 'lb_panic_picks_total', 'Requests that were given out like that.', () => [
      { labels: {}, value: series.total().panicPicks },
    ])
    this.add(
      'gauge',
      'lb_config_last_reload_success',
      '1 if the configuration was good when it was last read; 0: the one before is kept.',
      () => [{ labels: {}, value: this.sources.reloaded() ? 1 : 0 }],
    )
    this.add(
      'counter',
      'lb_log_dropped_total',
      'Lines of the access log that were dropped, and writes of it that failed.',
      () => [{ labels: {}, value: this.sources.linesLost() }],
    )
    this.add(
      'histogram',
      'lb_connect_seconds',
      'Time until an attempt had a connection; 0 for a kept one.',
      () => histogramSamples('lb_connect_seconds', counters.connect),
    )
  }

  private addServers(): void {
    const { balancer, probes } = this.sources
    this.add('counter', 'lb_attempts_total', 'Attempts by server and how they ended.', () =>
      this.attempts.flatMap(([server, tally]) =>
        OUTCOMES.map((outcome) => ({
          labels: { server: server.id, outcome },
          value: tally.of(outcome),
        })),
      ),
    )
    this.add(
      'histogram',
      'lb_request_duration_seconds',
      'How long attempts took that ended ok, by server.',
      () =>
        this.attempts.flatMap(([server, tally]) =>
          histogramSamples('lb_request_duration_seconds', tally.latency, { server: server.id }),
        ),
    )
    this.add(
      'counter',
      'lb_picks_total',
      'Requests whose first attempt went to the server, by the strategy that chose then.',
      () =>
        this.choices.flatMap(([{ id }, { picks }]) =>
          Object.entries(picks).map(([strategy, value]) => ({
            labels: { strategy, server: id },
            value,
          })),
        ),
    )
    this.add(
      'counter',
      'lb_excluded_total',
      'Attempts given to another server while this one was passed over, by reason.',
      () =>
        this.choices.flatMap(([{ id }, { excluded }]) =>
          EXCLUSIONS.slice(1).map((reason, i) => ({
            labels: { server: id, reason },
            value: excluded[i + 1],
          })),
        ),
    )
    this.add('counter', 'lb_probes_total', 'Questions to servers how they are, by outcome.', () =>
      balancer.servers.flatMap((server) => {
        const counts = probes.countsOf(server)
        if (counts === undefined) return [] // Nobody asks.
        return PROBE_OUTCOMES.map((outcome) => ({
          labels: { server: server.id, outcome },
          value: counts[outcome],
        }))
      }),
    )
    this.add('gauge', 'lb_in_flight', 'Attempts under way.', () =>
      balancer.servers.map((server) => ({
        labels: { server: server.id },
        value: server.inflight,
      })),
    )
    this.add(
      'gauge',
      'lb_server_up',
      '1 while nothing is against a server, by source: what operators want, active checks, answers to requests.',
      () =>
        balancer.servers.flatMap(({ admin, healthy, id, standing }) => [
          { labels: { server: id, source: 'admin' }, value: admin === 'ready' ? 1 : 0 },
          { labels: { server: id, source: 'active' }, value: healthy ? 1 : 0 },
          { labels: { server: id, source: 'passive' }, value: standing === 'good' ? 1 : 0 },
        ]),
    )
    this.add('gauge', 'lb_server_state', '1 for the state that a server is in.', () =>
      balancer.servers.flatMap((server) =>
        STATES.map((state) => ({
          labels: { server: server.id, state },
          value: server.state === state ? 1 : 0,
        })),
      ),
    )
    this.add(
      'gauge',
      'lb_server_weight',
      'The weight of a server: as configured, and as it counts now (less while it starts slowly).',
      () =>
        balancer.servers.flatMap((server) => [
          { labels: { server: server.id, kind: 'configured' }, value: server.configuredWeight },
          { labels: { server: server.id, kind: 'effective' }, value: server.weight },
        ]),
    )
  }

  private add(type: MetricType, name: string, help: string, read: () => Sample[]): void {
    this.registry.registerMetric(new Family(type, name, help, read).metric)
  }
}
