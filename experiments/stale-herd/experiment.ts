import { type Case, crossed, type Experiment } from '../frame/experiment.ts'
import type { Results } from '../frame/results.ts'
import { figure } from '../frame/words.ts'
import { interpreted } from './interpreted.ts'
import scenario from './scenario.ts'

/** Seconds between looks. A server serves one request a second. */
const AGES = [0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32]
const FRESH = '0.125 s'
const STALE = '32 s'

const TWO = 'power_of_two'
const THREE = 'power_of_two, choices 3'
const ALL = 'least_connections'
const INTERPRETED = 'age-weighted'

const changeOf = (age: number): Pick<Case, 'variant' | 'change'> => ({
  variant: `${age} s`,
  change: { information: { every: age * 1000 } },
})

const age = (variant: string): number => parseFloat(variant)

/** Brooker's servers take 8 s for each request, whichever it is; times are scaled to 1 s here, as all others are. */
const constant = (age: number): Pick<Case, 'variant' | 'change'> => ({
  variant: `constant work, ${age} s`,
  change: { information: { every: age * 1000 }, work: { type: 'constant', value: 1000 } },
})
const CONSTANT_AGES = [4, 8, 12]

/** From which age on the second takes less than the first, between the two ages that it lies between. */
function crossing(results: Results, first: string, second: string, prefix = ''): number {
  const ages = prefix === '' ? AGES : CONSTANT_AGES
  const gap = (age: number): number =>
    results.mean('time', second, `${prefix}${age} s`) -
    results.mean('time', first, `${prefix}${age} s`)
  const after = ages.findIndex((age, i) => i > 0 && gap(age) < 0)
  const [from, to] = [ages[after - 1], ages[after]]
  return from * (to / from) ** (gap(from) / (gap(from) - gap(to)))
}

const experiment: Experiment = {
  question: 'How old may the news be that a strategy balances on?',
  answer(results) {
    const time = (label: string): string => figure(results.mean('time', label, STALE) / 1000, 's')
    const at = (first: string, second: string): string =>
      (+crossing(results, first, second).toPrecision(2)).toString()
    return (
      `The more of the pool a strategy compares, the fresher its news must be: of servers that take 1 s a request, looking at all is best up to ${at(ALL, THREE)} s, ` +
      `two choices from ${at(THREE, TWO)} to ${at(TWO, 'random')} s, and chance beyond; with looks ${STALE} apart least_connections takes ${time(ALL)}, two choices ` +
      `${time(TWO)}, random ${time('random')}, and a rule that weighs in the age of its news ${time(INTERPRETED)}.`
    )
  },
  scenario,
  replications: 5,
  cases: [
    ...crossed(
      [
        { strategy: 'random' },
        { strategy: TWO },
        { strategy: { name: 'power_of_two', choices: 3 } },
        { strategy: ALL },
      ],
      AGES.map(changeOf),
    ),
    ...crossed([{ strategy: 'random' }, { strategy: TWO }], CONSTANT_AGES.map(constant)),
    ...AGES.map((age) => ({
      strategy: { own: 'interpreted', factory: interpreted(age * 1000) },
      label: INTERPRETED,
      ...changeOf(age),
    })),
  ],
  measure: ({ result }) => ({ time: result.requests.latency!.mean }),
  chart: (results) => ({
    kind: 'lines',
    title: 'Mean response time against the age of news, for each strategy',
    x: { label: 'time between two looks at the loads (s)', scale: 'log' },
    y: { label: 'mean response time (s), where a service takes 1 s', scale: 'log' },
    series: [
      { label: 'random', strategy: 'random' },
      { label: 'two choices', strategy: 'power_of_two' },
      { label: 'three choices', strategy: 'power_of_two', dash: 1 },
      { label: ALL, strategy: ALL },
      { label: INTERPRETED, strategy: 'interpreted' },
    ].map((each, i) => ({
      ...each,
      points: results
        .across('time', ['random', TWO, THREE, ALL, INTERPRETED][i], age)
        .filter(({ x }) => !Number.isNaN(x))
        .map(({ high = 0, low = 0, mean, x }) => ({
          x,
          mean: mean / 1000,
          low: low / 1000,
          high: high / 1000,
        })),
    })),
  }),
  findings: (results) => {
    const less = (says: string, first: string, second: string, age: string) => ({
      says,
      measured: results.difference('time', [first, age], [second, age]),
      unit: 'ms',
      above: 0,
    })
    return [
      {
        says: 'Random needs no news: as M/M/1, whatever their age',
        measured: results.values('time', 'random', STALE),
        unit: 'ms',
        theory: 5000,
      },
      less('Fresh news: three choices take more than all', ALL, THREE, FRESH),
      less('Fresh news: two choices take more than three', THREE, TWO, FRESH),
      less('Fresh news: random takes more than two choices', TWO, 'random', FRESH),
      less('News of 2 s: all take more than two choices', TWO, ALL, '2 s'),
      less('News of 4 s: three choices take more than two', TWO, THREE, '4 s'),
      less('News of 4 s: random takes more than two choices', TWO, 'random', '4 s'),
      {
        says: 'Random overtakes two choices where it does in Brooker’s article, at 70 s / 8',
        measured: crossing(results, TWO, 'random'),
        unit: 's',
        between: [7, 11],
        instead: 'his work is constant, see below',
      },
      {
        says: 'The same with constant work',
        measured: crossing(results, TWO, 'random', 'constant work, '),
        unit: 's',
        between: [7, 11],
      },
      less('Old news: two choices take more than random', 'random', TWO, STALE),
      less('Old news: three choices take more than two', TWO, THREE, STALE),
      less('Old news: all take more than three choices', THREE, ALL, STALE),
      less('Old news: random takes more than news weighted by age', INTERPRETED, 'random', STALE),
    ]
  },
}

export default experiment
