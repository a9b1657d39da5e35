import { crossed, type Experiment } from '../frame/experiment.ts'
import { figure } from '../frame/words.ts'
import scenario from './scenario.ts'
import { skipNext } from './skip-next.ts'

/** Nobody gives up or is ejected: who gets how much. */
const PATIENT = 'patient'
const EVERY = 1000

const experiment: Experiment = {
  question: 'Who gets the requests of a server that is gone?',
  answer(results) {
    const failed = (label: string): string => figure(results.mean('failed', label), '%')
    return (
      `All the others if the missing one is filtered out before its turn comes, and its neighbour alone if it is stepped over: then the neighbour has ` +
      `${figure(results.mean('second', 'skip_next', PATIENT), '%')} of the traffic, fails, and its neighbour after it, until ${failed('skip_next')} of all requests fail instead ` +
      `of ${failed('round_robin')}.`
    )
  },
  scenario,
  replications: 5,
  cases: crossed(
    [
      { strategy: { own: 'skip_next', factory: skipNext } },
      { strategy: 'round_robin' },
      { strategy: 'random' },
    ],
    [{}, { variant: PATIENT, change: { policy: {} } }],
  ),
  watch: {
    every: EVERY,
    keep: ['failing'],
    begin({ recorder: { requests } }) {
      let [count, good] = [0, 0]
      return () => {
        const ok = requests.of('ok')
        const all = ok + requests.of('timeout') + requests.of('refused') + requests.of('error')
        const failing = all > count ? 1 - (ok - good) / (all - count) : 0
        count = all
        good = ok
        return { failing }
      }
    },
  },
  measure: ({ result: { requests, servers } }) => ({
    failed: requests.errorRate!,
    second: servers[1].share,
    third: servers[2].share,
    last: servers[3].share,
  }),
  chart: (results) => ({
    kind: 'lines',
    title: 'The share of requests that fail over time, for each strategy',
    x: { label: 'time (s)', from: 5 },
    y: { label: 'requests that fail', percent: true, from: 0, to: 1 },
    series: ['skip_next', 'round_robin'].map((label) => ({
      label,
      strategy: label,
      points: results.over('failing', label).slice(4),
    })),
    marks: [{ x: 10, label: 'the first of four goes' }],
  }),
  findings: (results) => [
    ...(
      [
        ['skip_next', 'second', 0.5],
        ['skip_next', 'third', 0.25],
        ['skip_next', 'last', 0.25],
        ['round_robin', 'second', 1 / 3],
        ['round_robin', 'third', 1 / 3],
        ['round_robin', 'last', 1 / 3],
      ] as const
    ).map(([label, which, share]) => ({
      says: `${label}: the ${which} server’s share`,
      measured: results.values(which, label, PATIENT),
      between: [share - 0.002, share + 0.002] as const,
      unit: '%',
    })),
    {
      says: 'A neighbour at 120 % fails, and then its own neighbour has more: dominoes',
      measured: results.values('failed', 'skip_next'),
      between: [0.25, 1],
      unit: '%',
    },
    {
      says: 'Three servers at 80 % lose nothing',
      measured: results.values('failed', 'round_robin'),
      between: [0, 0.001],
      unit: '%',
    },
  ],
}

export default experiment
