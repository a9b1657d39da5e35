import { naiveLeastTime } from '../least-time-starvation/naive-least-time.ts'
import { type Case, crossed, type Experiment } from '../frame/experiment.ts'
import { figure } from '../frame/words.ts'
import scenario from './scenario.ts'

const WITH_REPLACEMENT = 'power_of_two, replacement'

const EJECTING: Pick<Case, 'variant' | 'change'> = {
  variant: 'ejection',
  change: { policy: { ejection: { consecutive: 5, base: 5000, max: 60_000, share: 0.5 } } },
}

const STRATEGIES: readonly Pick<Case, 'strategy'>[] = [
  { strategy: 'round_robin' },
  { strategy: 'random' },
  { strategy: 'least_connections' },
  { strategy: 'power_of_two' },
  { strategy: { name: 'power_of_two', replacement: true } },
  { strategy: { own: 'naive_least_time', factory: naiveLeastTime } },
  { strategy: 'least_response_time' },
  { strategy: 'peak_ewma' },
  { strategy: 'prequal' },
]

/** For whom it is worth showing. */
const WATCHED: readonly Pick<Case, 'strategy'>[] = [
  { strategy: 'round_robin' },
  { strategy: 'least_connections' },
  { strategy: 'power_of_two' },
  { strategy: { own: 'naive_least_time', factory: naiveLeastTime } },
]

const experiment: Experiment = {
  question: 'What becomes of a pool when one of ten servers fails, and fails quickly?',
  answer(results) {
    const errors = (label: string): string => figure(results.mean('errors', label), '%')
    return (
      `A server that fails at once always looks free, so least_connections fails ${errors('least_connections')} of all requests and a naive ` +
      `least-time rule ${errors('naive_least_time')}, round robin ${errors('round_robin')}; two random choices cannot fail more than ` +
      `a fifth, and strategies that count a failure as a slow answer fail ${errors('least_response_time')} (least_response_time) or ` +
      `${errors('peak_ewma')} (peak_ewma), and ejecting it after five failures ends the matter for all of them.`
    )
  },
  scenario,
  replications: 6,
  cases: [...STRATEGIES, ...crossed(WATCHED, [EJECTING])],
  measure: ({ result }) => ({ errors: result.requests.errorRate! }),
  chart: (results) => ({
    kind: 'bars',
    title: 'The share of requests that fail, for each strategy',
    x: { label: 'requests that fail', percent: true, to: 1 },
    groups: [
      { label: 'nobody watches', variant: '' },
      { label: 'five failures in a row eject', variant: 'ejection' },
    ].map(({ label, variant }) => ({
      label,
      bars: results.cases
        .filter((each) => each.variant === variant)
        .map(({ label, name }) => ({
          label,
          strategy: name,
          ...results.estimate('errors', label, variant),
        })),
    })),
    marks: [{ x: 0.1, label: 'its fair share' }],
  }),
  findings: (results) => [
    {
      says: 'Round robin fails one server’s share of the requests',
      measured: results.values('errors', 'round_robin'),
      between: [0.0999, 0.1001],
      unit: '%',
    },
    {
      says: 'Least connections fails most of them',
      measured: results.values('errors', 'least_connections'),
      between: [0.672, 0.702],
      unit: '%',
    },
    {
      says: 'Two distinct choices fail just under 2/n',
      measured: results.values('errors', 'power_of_two'),
      between: [0.195, 0.2],
      unit: '%',
    },
    {
      says: 'Two choices with replacement fail just under 1 − (1 − 1/n)²',
      measured: results.values('errors', WITH_REPLACEMENT),
      between: [0.185, 0.19],
      unit: '%',
    },
    {
      says: 'A least-time rule for which a failure is an answer fails nearly all',
      measured: results.values('errors', 'naive_least_time'),
      between: [0.95, 1],
      unit: '%',
    },
    {
      says: 'least_response_time, for which a failure counts as a typical time, gives it about a fair share',
      measured: results.values('errors', 'least_response_time'),
      between: [0.05, 0.15],
      unit: '%',
    },
    {
      says: 'peak_ewma, for which it counts as a peak, gives it less',
      measured: results.values('errors', 'peak_ewma'),
      between: [0, 0.1],
      unit: '%',
    },
    {
      says: 'Ejection saves least connections, but for one trial now and then',
      measured: results.values('errors', 'least_connections', 'ejection'),
      between: [0, 0.002],
      unit: '%',
    },
    {
      says: 'And even the naive least-time rule',
      measured: results.values('errors', 'naive_least_time', 'ejection'),
      between: [0, 0.002],
      unit: '%',
    },
  ],
}

export default experiment
