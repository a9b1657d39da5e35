import type { MetricType, Registry } from '@prometheus-io/client'
import { Family, type Sample } from './family.ts'
import type { AdminSources } from './sources.ts'
import { type ThreadVitals, Vitals } from './vitals.ts'

/**
 * The process itself: processor, memory, event loop, under the names that Prometheus and OpenTelemetry use.
 *
 * The library's own default metrics observe every garbage collection and cannot be switched off again; these can.
 */
export class ProcessMetrics {
  private readonly registry: Registry
  private readonly own: Vitals | undefined
  private readonly vitals: () => ThreadVitals

  constructor(registry: Registry, sources: Pick<AdminSources, 'startedAt' | 'vitals'>) {
    this.registry = registry
    const own = sources.vitals === undefined ? new Vitals() : undefined
    this.own = own
    this.vitals = () => own?.read() ?? sources.vitals!()
    // Not when this thread began: there may be others.
    const started = Date.parse(sources.startedAt) / 1000
    this.add('gauge', 'process_start_time_seconds', 'Start of the process, since 1970.', () => [
      { labels: {}, value: started },
    ])
    this.add('counter', 'process_cpu_seconds_total', 'Processor time, user and system.', () => {
      const { user, system } = process.cpuUsage()
      return [{ labels: {}, value: (user + system) / 1e6 }]
    })
    this.add('gauge', 'process_resident_memory_bytes', 'Memory that is resident.', () => {
      const value = residentMemory()
      return value === undefined ? [] : [{ labels: {}, value }]
    })
    this.add('gauge', 'nodejs_heap_size_used_bytes', 'Memory that JavaScript uses.', () => [
      { labels: {}, value: this.vitals().heapUsed },
    ])
    const help = 'Time of the event loop, busy (active) and waiting (idle).'
    this.add('counter', 'nodejs_eventloop_time_seconds_total', help, () => {
      const { active, idle } = this.vitals()
      return [
        { labels: { state: 'active' }, value: active / 1e3 },
        { labels: { state: 'idle' }, value: idle / 1e3 },
      ]
    })
    this.addDelay('p50', 'Median', (vitals) => vitals.lagP50)
    this.addDelay('p99', '99th percentile', (vitals) => vitals.lagP99)
    this.addDelay('max', 'Largest', (vitals) => vitals.lagMax)
  }

  close(): void {
    this.own?.close()
  }

  private addDelay(word: string, help: string, lag: (vitals: ThreadVitals) => number): void {
    const name = `nodejs_eventloop_lag_${word}_seconds`
    this.add('gauge', name, `${help} of how late the event loop was, since the start.`, () => [
      { labels: {}, value: lag(this.vitals()) / 1e3 },
    ])
  }

  private add(type: MetricType, name: string, help: string, read: () => Sample[]): void {
    this.registry.registerMetric(new Family(type, name, help, read).metric)
  }
}

/** Undefined: it cannot be read, since it stands in a file, and no more can be opened. All other metrics are wanted most then. */
function residentMemory(): number | undefined {
  try {
    return process.memoryUsage.rss()
  } catch {
    return undefined
  }
}
