import type { Metric, MetricType } from '@prometheus-io/client'
import type { Histogram } from '../core/histogram.ts'

/** One line of an exposition: its name only where it differs from the family's, as in a histogram. */
export interface Sample {
  metricName?: string
  labels: Record<string, string | number>
  value: number
}

/**
 * A family of metrics whose values exist already: they are read when somebody scrapes, and cost nothing before.
 *
 * The client library's own classes count for themselves, and its histogram takes single observations only. Its registry prints
 * whatever has a name and a `get`, though; its own `Registry.aggregate` relies on that.
 */
export class Family {
  readonly name: string
  readonly help: string
  readonly type: MetricType
  readonly aggregator = 'sum'
  private readonly read: () => Sample[]

  constructor(type: MetricType, name: string, help: string, read: () => Sample[]) {
    this.type = type
    this.name = name
    this.help = help
    this.read = read
  }

  get(): Promise<object> {
    const { name, help, type, aggregator } = this
    return Promise.resolve({ name, help, type, aggregator, values: this.read() })
  }

  /** As the library's types want it. */
  get metric(): Metric {
    return this as unknown as Metric
  }
}

/** Upper bounds in seconds, three to five a factor of ten: near any of them a quantile is known to a third. */
const BOUNDS = [
  0.0005, 0.001, 0.0015, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1,
  0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 30, 60,
]

/** Our histogram of milliseconds as Prometheus' of seconds; a bound is exact to 1.6 %, the width of one of our buckets. */
export function histogramSamples(
  name: string,
  histogram: Histogram,
  labels: Record<string, string> = {},
): Sample[] {
  const metricName = `${name}_bucket`
  const samples: Sample[] = BOUNDS.map((bound) => ({
    metricName,
    labels: { ...labels, le: bound },
    value: histogram.countUpTo(bound * 1000),
  }))
  samples.push(
    { metricName, labels: { ...labels, le: '+Inf' }, value: histogram.count },
    { metricName: `${name}_sum`, labels, value: histogram.sum / 1000 },
    { metricName: `${name}_count`, labels, value: histogram.count },
  )
  return samples
}
