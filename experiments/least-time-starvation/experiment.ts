import type { Experiment } from '../frame/experiment.ts'
import { figure } from '../frame/words.ts'
import { naiveLeastTime, naiveWithProbes } from './naive-least-time.ts'
import scenario from './scenario.ts'

const EVERY = 2000
const PAUSE_ENDS = 13_000

/** Of a peak of 3 s among answers of 11 ms, with a decay of 10 s. */
const FORGIVEN = 10 * Math.log(3000 / 11)

const CONSTANT = 'constant work'

const experiment: Experiment = {
  question: 'Is a server that was slow once ever forgiven?',
  answer(results) {
    const share = (label: string): string => figure(results.mean('last', label), '%')
    return (
      `Not by an average over samples: after one pause of 3 s a naive least-time rule gives it ${share('naive_least_time')} of the requests for good, though it is as fast as before; ` +
      `averages that fade with time take it back after ${figure(results.mean('back', 'peak_ewma'), 's')} (peak_ewma, decay of 10 s), and one request in twenty sent at random after ` +
      `${figure(results.mean('back', 'naive, 5 % at random'), 's')}.`
    )
  },
  scenario,
  replications: 5,
  cases: [
    { strategy: { own: 'naive_least_time', factory: naiveLeastTime } },
    {
      strategy: { own: 'naive_least_time', factory: naiveWithProbes },
      label: 'naive, 5 % at random',
    },
    { strategy: 'least_response_time' },
    { strategy: 'peak_ewma' },
    { strategy: 'least_connections' },
    {
      strategy: 'peak_ewma',
      variant: CONSTANT,
      change: { work: { type: 'constant', value: 10 } },
    },
  ],
  watch: {
    every: EVERY,
    keep: ['share'],
    begin({ simulation: { stations, clients } }) {
      let [arrived, all] = [0, 0]
      return () => {
        const now = stations[0].model.arrived
        const share = (now - arrived) / (clients.generated - all)
        arrived = now
        all = clients.generated
        return { share, arrived, all }
      }
    },
  },
  measure({ looks }) {
    const at = (time: number) => looks[time / EVERY - 1]
    const back = looks.findIndex(
      ({ share }, i) => (i + 1) * EVERY > PAUSE_ENDS + EVERY && share > 0.1,
    )
    const end = at(scenario.duration)
    const before = at(100_000)
    return {
      /** Seconds from the end of the pause until it has half of its share; those of the whole run if it never has. */
      back: ((back < 0 ? scenario.duration : (back + 1) * EVERY) - PAUSE_ENDS) / 1000,
      last: (end.arrived - before.arrived) / (end.all - before.all),
    }
  },
  chart: (results) => ({
    kind: 'lines',
    title: 'The share of requests that the server that paused gets, over time, for each strategy',
    x: { label: 'time (s)' },
    y: { label: 'requests that go to the server that paused', percent: true, from: 0 },
    series: results.cases.slice(0, 5).map(({ label, name }, i) => ({
      label,
      strategy: name,
      ...(i === 1 && { dash: 2 }),
      points: results.over('share', label),
    })),
    marks: [
      { x: 10, label: 'it pauses for 3 s' },
      { y: 0.2, label: 'its fair share' },
    ],
  }),
  findings: (results) => [
    {
      says: 'Averages over samples: next to nothing for good',
      measured: results.values('last', 'naive_least_time'),
      between: [0, 0.01],
      unit: '%',
    },
    {
      says: 'peak_ewma takes it back after decay × ln(peak / usual)',
      measured: results.values('back', 'peak_ewma'),
      between: [FORGIVEN * 0.75, FORGIVEN * 1.25],
      unit: 's',
      instead: 'the others are judged by their peaks too',
    },
    {
      says: 'The same with constant work, which has no peaks to speak of',
      measured: results.values('back', 'peak_ewma', CONSTANT),
      between: [FORGIVEN * 0.75, FORGIVEN * 1.25],
      unit: 's',
    },
    {
      says: 'And gives it its share in the end',
      measured: results.values('last', 'peak_ewma'),
      between: [0.18, 0.22],
      unit: '%',
    },
    {
      says: 'One request in twenty at random repairs the naive rule, after a hundred of them: 25 s',
      measured: results.values('back', 'naive, 5 % at random'),
      between: [20, 30],
      unit: 's',
    },
    {
      says: 'least_connections has forgotten as soon as the backlog is gone',
      measured: results.values('back', 'least_connections'),
      between: [0, 4],
      unit: 's',
    },
  ],
}

export default experiment
