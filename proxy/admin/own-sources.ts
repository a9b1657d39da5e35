import type { AdminSources } from './sources.ts'

/** What a proxy of one thread shows, or one of several threads on its own. */
interface Shown extends Pick<
  AdminSources,
  'balancer' | 'clock' | 'counters' | 'lastReading' | 'probes' | 'series' | 'stopping'
> {
  /** The retry policy may be another one with every change of the settings. */
  readonly rules: { readonly retry: AdminSources['retry'] }
  readonly linesLost: number
  readonly steeredAt: string | undefined
  readonly listener: Pick<AdminSources, 'connections'>
}

export function sourcesOf(
  prefix: string,
  shown: Shown,
  startedAt = new Date().toISOString(),
): AdminSources {
  const { balancer, clock, counters, probes, series } = shown
  return {
    prefix,
    balancer,
    clock,
    connections: shown.listener.connections,
    counters,
    probes,
    retry: {
      get remaining() {
        return shown.rules.retry.remaining
      },
    },
    series,
    startedAt,
    get stopping() {
      return shown.stopping
    },
    linesLost: () => shown.linesLost,
    reloaded: () => shown.lastReading.ok,
    get lastReading() {
      return shown.lastReading
    },
    steeredAt: () => shown.steeredAt,
  }
}
