import { interval } from '../../simulator/statistics/interval.ts'
import { retryLoads } from '../../simulator/theory/retries.ts'
import type { Case, Experiment } from '../frame/experiment.ts'
import type { Finding } from '../frame/finding.ts'
import type { Results } from '../frame/results.ts'
import { figure } from '../frame/words.ts'
import scenario from './scenario.ts'
import { surge } from './surge.ts'

const { policy } = scenario
const RETRIES = policy!.retries!

const STORM = 'three retries'
const SPARE = 'at 20 requests a second'
const MORE = 'at 60 requests a second'
const CALM = 'no surge'
const CALM_MORE = 'no surge, at 60 requests a second'
const NONE = 'no retries'
const BUDGET = 'a retry budget of 10 %'
const DROPS = 'a server that drops what is expired'
const LATEST = 'last come first served'
const SHORT = 'at most 9 waiting'
const TOLD = 'a server that is told who gave up'
const BACKOFF = 'pauses before retries'

/** Of the lines in the chart, which are all of one strategy. */
const COLOURS = [5, 0, 2, 8]

const remedies = [NONE, BUDGET, DROPS, LATEST, SHORT, TOLD]

const cases: readonly (Case & { readonly label: string })[] = [
  { label: STORM },
  { label: MORE, change: { arrivals: surge(60) } },
  { label: SPARE, change: { arrivals: surge(20) } },
  { label: CALM, change: { arrivals: { type: 'poisson', rate: 40 } } },
  { label: CALM_MORE, change: { arrivals: { type: 'poisson', rate: 60 } } },
  { label: NONE, change: { policy: { timeout: 100, cancels: false } } },
  { label: BUDGET, change: { policy: { ...policy, retries: { ...RETRIES, budget: 0.1 } } } },
  { label: DROPS, change: { servers: [{ dropsExpired: true }] } },
  { label: LATEST, change: { servers: [{ discipline: 'lifo' }] } },
  { label: SHORT, change: { servers: [{ queue: 9 }] } },
  { label: TOLD, change: { policy: { ...policy, cancels: true } } },
  {
    label: BACKOFF,
    change: { policy: { ...policy, retries: { ...RETRIES, backoff: { base: 100, max: 10_000 } } } },
  },
].map((each) => ({ strategy: 'round_robin', ...each }) as Case & { readonly label: string })

/** The share of requests that were answered in the ten seconds before the surge, in each run. */
function before(results: Results, label: string): number[] {
  const curve = results.of(label).curves.answered.slice(0, 10)
  return curve[0].map((_, run) => curve.reduce((sum, values) => sum + values[run], 0) / 10)
}

const experiment: Experiment = {
  question: 'Why does a service stay down after a surge that lasted one second?',
  answer(results) {
    const answered = (label: string): string => figure(results.mean('answered', label), '%')
    const was = figure(interval(before(results, STORM)).mean, '%')
    return (
      `Because clients that give up and try again keep it busy with work that nobody waits for any more: where clients want a load of 0.4, ${was} of the requests are answered in time ` +
      `before the surge and ${answered(STORM)} from twenty seconds after it on, at a load of ${figure(results.mean('load', STORM))}, while with a retry budget of 10 % it is ` +
      `${answered(BUDGET)}, and with the latest request served first ${answered(LATEST)}; without a surge it is ${answered(CALM)}, since chance does the same, only later.`
    )
  },
  scenario,
  replications: 12,
  cases,
  measure: ({ result: { requests, retries, span } }) => ({
    answered: requests.outcomes.ok / requests.count,
    attempts: 1 + retries / requests.count,
    load: ((requests.count + retries) * 10) / span,
  }),
  watch: {
    every: 1000,
    begin({ simulation: { clients } }) {
      let answers = 0
      let questions = 0
      return () => {
        const answered = (clients.endings.ok - answers) / (clients.generated - questions)
        answers = clients.endings.ok
        questions = clients.generated
        return { answered }
      }
    },
  },
  chart: (results) => ({
    kind: 'lines',
    title:
      'Requests answered in time, second by second, at 40 requests a second with a surge from 10 to 11 s',
    x: { label: 'time (s)', to: 60 },
    y: { label: 'answered in time', percent: true, to: 1 },
    series: [STORM, SPARE, BUDGET, CALM].map((label, dash) => ({
      label: label === SPARE ? `${STORM}, ${SPARE}` : label,
      strategy: 'round_robin',
      dash,
      colour: COLOURS[dash],
      points: results.over('answered', label),
    })),
    marks: [{ x: 10, label: 'surge' }],
  }),
  findings: (results): Finding[] => [
    {
      says: 'Until the surge all is well',
      measured: before(results, STORM),
      between: [0.95, 1],
      unit: '%',
    },
    {
      says: 'After the surge next to nothing is answered in time',
      measured: results.values('answered', STORM),
      between: [0, 0.01],
      unit: '%',
    },
    {
      says: 'What arrives is four times what clients want',
      measured: results.values('load', STORM),
      theory: retryLoads({ rate: 0.4, timeout: 10, retries: 3 })[2].load,
    },
    {
      says: 'At 60 a second it is well until the surge as well: a load of 0.61 sustains itself',
      measured: before(results, MORE),
      between: [0.95, 1],
      unit: '%',
      instead: 'it tips by itself in some runs',
    },
    {
      says: 'and lost after it',
      measured: results.values('answered', MORE),
      between: [0, 0.01],
      unit: '%',
    },
    {
      says: 'At 20 a second it recovers: four times that can be served',
      measured: results.values('answered', SPARE),
      between: [0.95, 1],
      unit: '%',
    },
    {
      says: 'With a budget there are at most 1.1 attempts a request',
      measured: results.values('attempts', BUDGET),
      between: [1, 1.1],
    },
    ...remedies.map((label) => ({
      says: `It recovers with ${label}`,
      measured: results.values('answered', label),
      between: [0.8, 1] as const,
      unit: '%',
    })),
    {
      says: 'Pauses before retries change nothing: the same load comes later',
      measured: results.values('answered', BACKOFF),
      between: [0, 0.01],
      unit: '%',
    },
    ...[CALM, CALM_MORE].map((label) => ({
      says: `Without any surge it stays well ${label === CALM ? 'for a minute' : 'at 60 requests a second'}`,
      measured: results.values('answered', label),
      between: [0.95, 1] as const,
      unit: '%',
      instead:
        label === CALM
          ? 'chance is surge enough in most runs, but later'
          : 'chance is surge enough in all',
    })),
  ],
}

export default experiment
