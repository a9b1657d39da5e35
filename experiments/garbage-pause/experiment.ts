import { bucketOf, Histogram } from '../../proxy/core/histogram.ts'
import type { LatencySummary } from '../../proxy/core/snapshot.ts'
import type { Experiment } from '../frame/experiment.ts'
import { figure } from '../frame/words.ts'
import scenario from './scenario.ts'

const PAUSES = 2

/** Nobody waits so long but for the pause. */
const CAUGHT = 100

/** One request in so many is slower: p50 to p99.99. */
const RARITIES = [2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]

function slowerThan(limit: number, { buckets }: LatencySummary): number {
  let count = 0
  for (let i = 0; i < buckets.length; i += 2)
    if (buckets[i] > bucketOf(limit)) count += buckets[i + 1]
  return count
}

function quantiles({ buckets, count, max, mean, min }: LatencySummary): Record<string, number> {
  const histogram = new Histogram()
  histogram.addSparse(buckets, mean * count, min, max)
  return Object.fromEntries(
    RARITIES.map((rarity) => [String(rarity), histogram.quantile(1 - 1 / rarity)]),
  )
}

const experiment: Experiment = {
  question: 'Who pays when one server stops for two seconds?',
  answer(results) {
    const caught = (label: string): string => figure(+results.mean('caught', label).toFixed(0))
    return (
      `Round robin lets ${caught('round_robin')} requests run into each pause and the 99th percentile does not show it (${figure(results.mean('p99', 'round_robin'), 'ms')}, while the ` +
      `99.9th is ${figure(results.mean('p999', 'round_robin'), 'ms')}); least_connections loses ${caught('least_connections')} and two choices ${caught('power_of_two')}, since a server ` +
      'that answers nothing soon holds more than the others.'
    )
  },
  scenario,
  replications: 5,
  cases: [
    { strategy: 'round_robin' },
    { strategy: 'random' },
    { strategy: 'power_of_two' },
    { strategy: 'least_connections' },
    { strategy: 'peak_ewma' },
    { strategy: 'least_response_time' },
  ],
  measure({ result }) {
    const latency = result.requests.latency!
    const { count, p99, p999 } = latency
    const caught = slowerThan(CAUGHT, latency)
    return { caught: caught / PAUSES, share: caught / count, p99, p999, ...quantiles(latency) }
  },
  chart: (results) => ({
    kind: 'lines',
    title: 'Percentiles of the response time from the median to 99.99 %, for each strategy',
    x: { label: 'one request in so many is slower', scale: 'log' },
    y: { label: 'response time (ms)', scale: 'log' },
    series: results.cases.map(({ label, name }) => ({
      label,
      strategy: name,
      points: RARITIES.map((x) => ({ x, ...results.estimate(String(x), label) })),
    })),
    marks: [
      { x: 100, label: 'p99' },
      { x: 1000, label: 'p99.9' },
    ],
  }),
  findings: (results) => [
    {
      says: 'Round robin: 200 a second run into 2 s',
      measured: results.values('caught', 'round_robin'),
      between: [370, 400],
      unit: 'a pause',
      instead: 'the backlog catches 34 more',
    },
    {
      says: 'With those who meet more than 100 ms of backlog afterwards',
      measured: results.values('caught', 'round_robin'),
      between: [424, 444],
      unit: 'a pause',
    },
    {
      says: 'That is 0.67 % of the traffic',
      measured: results.values('share', 'round_robin'),
      between: [0.0061, 0.0067],
      unit: '%',
      instead: 'for the same reason',
    },
    {
      says: 'So its p99 looks fine',
      measured: results.values('p99', 'round_robin'),
      between: [0, 30],
      unit: 'ms',
    },
    {
      says: 'And its p99.9 is nearly the pause',
      measured: results.values('p999', 'round_robin'),
      between: [1700, 2000],
      unit: 'ms',
    },
    ...['least_connections', 'power_of_two'].map((label) => ({
      says: `${label} lets a handful run into it`,
      measured: results.values('caught', label),
      between: [1, 15] as const,
      unit: 'a pause',
    })),
    ...['least_connections', 'power_of_two'].map((label) => ({
      says: `p99.9 of ${label} does not see it`,
      measured: results.values('p999', label),
      between: [0, 50] as const,
      unit: 'ms',
    })),
  ],
}

export default experiment
