import { crossed, type Experiment } from '../frame/experiment.ts'
import { figure } from '../frame/words.ts'
import { fromFirst } from './from-first.ts'
import scenario from './scenario.ts'

/** Clients that held back while the configuration changed: a hundred requests in a hundredth of a second. */
const RUSH = 'rush'
const EVERY = 100

const DRAWN = ['from the first', 'weighted_round_robin', 'round_robin', 'least_connections']

const FIRST = 'from the first'

const experiment: Experiment = {
  question: 'What happens when all balancers begin anew at once?',
  answer(results) {
    const most = (label: string, variant = ''): string =>
      figure(+results.mean('most', label, variant).toFixed(0))
    return (
      `If each begins with the first of its list, all fifty do: the first server has up to ${most(FIRST)} requests in hand instead of ${most('round_robin')}, and ${most(FIRST, RUSH)} if ` +
      'requests have been held back; the same with smooth weighted round robin, while a turn that begins at a random server avoids it.'
    )
  },
  scenario,
  replications: 20,
  cases: crossed(
    [
      { strategy: { own: 'from_first', factory: fromFirst }, label: FIRST },
      { strategy: 'round_robin' },
      { strategy: 'weighted_round_robin' },
      { strategy: 'static_stride' },
      { strategy: 'edf' },
      { strategy: 'least_connections' },
    ],
    [
      {},
      {
        variant: RUSH,
        change: {
          arrivals: {
            type: 'steps',
            steps: [
              { rate: 350, duration: 4000 },
              { rate: 10_000, duration: 10 },
              { rate: 350, duration: 2990 },
            ],
          },
        },
      },
    ],
  ),
  watch: {
    every: EVERY,
    begin:
      ({ simulation }) =>
      () => ({ inHand: simulation.stations[0].inHand }),
  },
  measure: ({ result: { servers } }) => ({ most: servers[0].mostInHand }),
  chart: (results) => ({
    kind: 'lines',
    title: 'Requests in hand at the first server over time, for each strategy',
    x: { label: 'time (s)', from: 3 },
    y: { label: 'requests in hand at the first of five servers' },
    series: results.cases
      .filter(({ label, variant }) => variant === '' && DRAWN.includes(label))
      .map(({ label, name }) => ({
        label,
        strategy: name,
        // On top of another line.
        ...(name === 'weighted_round_robin' && { dash: 2 }),
        points: results.over('inHand', label).slice(3000 / EVERY - 1),
      })),
    marks: [
      { x: 4, label: 'new configuration' },
      { y: 10, label: 'its workers' },
    ],
  }),
  findings: (results) => [
    {
      says: 'From the first: 50 requests at once for 10 workers, 40 wait',
      measured: results.values('most', FIRST),
      between: [45, 60],
      unit: 'in hand',
      instead: 'the fifty first requests do not come at once',
    },
    {
      says: 'If they do come at once',
      measured: results.values('most', FIRST, RUSH),
      between: [45, 60],
      unit: 'in hand',
    },
    {
      says: 'Smooth weighted round robin begins in step as well, by whatever weights are equal',
      measured: results.difference('most', [FIRST], ['weighted_round_robin']),
      between: [-0.5, 0.5],
      unit: 'in hand',
    },
    {
      says: 'From a random one: about what there is always',
      measured: results.values('most', 'round_robin'),
      between: [10, 20],
      unit: 'in hand',
    },
  ],
}

export default experiment
