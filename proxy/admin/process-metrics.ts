import type { MetricType, Registry } from '@prometheus-io/client'
import { type ELDHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { Family, type Sample } from './family.ts'

/** How often the event loop is looked at, in milliseconds. */
const RESOLUTION = 20

/**
 * The process itself: processor, memory, event loop, under the names that Prometheus and OpenTelemetry use.
 *
 * The library's own default metrics observe every garbage collection and cannot be switched off again; these can.
 */
export class ProcessMetrics {
  private readonly registry: Registry
  private readonly delay: ELDHistogram

  constructor(registry: Registry) {
    this.registry = registry
    this.delay = monitorEventLoopDelay({ resolution: RESOLUTION })
    this.delay.enable()
    const started = performance.timeOrigin / 1000
    this.add('gauge', 'process_start_time_seconds', 'Start of the process, since 1970.', () => [
      { labels: {}, value: started },
    ])
    this.add('counter', 'process_cpu_seconds_total', 'Processor time, user and system.', () => {
      const { user, system } = process.cpuUsage()
      return [{ labels: {}, value: (user + system) / 1e6 }]
    })
    this.add('gauge', 'process_resident_memory_bytes', 'Memory that is resident.', () => [
      { labels: {}, value: process.memoryUsage.rss() },
    ])
    this.add('gauge', 'nodejs_heap_size_used_bytes', 'Memory that JavaScript uses.', () => [
      { labels: {}, value: process.memoryUsage().heapUsed },
    ])
    const help = 'Time of the event loop, busy (active) and waiting (idle).'
    this.add('counter', 'nodejs_eventloop_time_seconds_total', help, () => {
      const { active, idle } = performance.eventLoopUtilization()
      return [
        { labels: { state: 'active' }, value: active / 1e3 },
        { labels: { state: 'idle' }, value: idle / 1e3 },
      ]
    })
    this.addDelay('p50', 'Median', () => this.delay.percentile(50))
    this.addDelay('p99', '99th percentile', () => this.delay.percentile(99))
    this.addDelay('max', 'Largest', () => this.delay.max)
  }

  close(): void {
    this.delay.disable()
  }

  /** Over the life of the process, so that two who scrape do not disturb each other. */
  private addDelay(word: string, help: string, nanoseconds: () => number): void {
    const name = `nodejs_eventloop_lag_${word}_seconds`
    this.add('gauge', name, `${help} of how late the event loop was, since the start.`, () => [
      // What is measured is the time between two looks; how late it was is what goes beyond.
      { labels: {}, value: Math.max(0, nanoseconds() / 1e9 - RESOLUTION / 1e3) },
    ])
  }

  private add(type: MetricType, name: string, help: string, read: () => Sample[]): void {
    this.registry.registerMetric(new Family(type, name, help, read).metric)
  }
}
