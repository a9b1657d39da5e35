import { crossed, type Experiment } from '../frame/experiment.ts'
import { figure } from '../frame/words.ts'
import scenario from './scenario.ts'

/** What is due to a hundred servers of weight 10 beside a thousand of weight 128. */
const DUE = 1000 / 129_000

const FULL = 'edf, phase full'
const RANDOM = 'edf, phase random'
const ANEW = 'anew'

const experiment: Experiment = {
  question: 'Can a server with little weight wait for ever?',
  answer(results) {
    const share = (label: string, variant = ''): string =>
      figure(results.mean('light', label, variant), '%')
    return (
      `Yes, if the schedule begins anew with every change of the pool: of ${figure(DUE, '%')} of the requests that are due to a hundred light servers they get ` +
      `${share(FULL, ANEW)} when deadlines are forgotten every 5,000 requests, ${share(RANDOM, ANEW)} when first deadlines are random, and ${share(RANDOM)} when deadlines outlive changes.`
    )
  },
  scenario,
  replications: 5,
  cases: [
    ...crossed(
      [
        { strategy: { name: 'edf', phase: 'full' } },
        { strategy: { name: 'edf', phase: 'random' } },
        { strategy: 'weighted_round_robin' },
        { strategy: 'static_stride' },
        { strategy: 'random' },
      ],
      [{}, { variant: ANEW, change: { events: [{ at: 500, every: 500, push: true }] } }],
    ),
  ],
  measure: ({ result: { servers } }) => ({
    light: servers
      .filter(({ id }) => id.startsWith('light'))
      .reduce((sum, { share }) => sum + share, 0),
  }),
  chart: (results) => ({
    kind: 'bars',
    title: 'The share of requests that a hundred light servers get together, for each strategy',
    x: { label: 'requests that go to the light servers', percent: true },
    groups: [
      { label: 'the pool changes every 5,000 requests, the schedule goes on', variant: '' },
      { label: 'the schedule begins anew every 5,000 requests', variant: ANEW },
    ].map(({ label, variant }) => ({
      label,
      bars: results.cases
        .filter((each) => each.variant === variant)
        .map((each) => ({
          label: each.label,
          strategy: each.name,
          ...results.estimate('light', each.label, variant),
        })),
    })),
    marks: [{ x: DUE, label: 'what is due' }],
  }),
  findings: (results) => [
    {
      says: 'Deadlines made anew, the first a whole wait away: nothing, as in Envoy',
      measured: results.values('light', FULL, ANEW),
      between: [0, 0],
      unit: '%',
    },
    {
      says: 'Made anew with random first deadlines: right on average',
      measured: results.values('light', RANDOM, ANEW),
      between: [DUE * 0.85, DUE * 1.15],
      unit: '%',
    },
    ...[FULL, RANDOM, 'weighted_round_robin'].map((label) => ({
      says: `${label}, when its state outlives changes: what is due, to within a request each`,
      measured: results.values('light', label),
      between: [DUE - 100 / 40_000, DUE + 100 / 40_000] as const,
      unit: '%',
    })),
  ],
}

export default experiment
