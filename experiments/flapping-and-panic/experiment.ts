import type { EjectionOptions } from '../../proxy/core/ejection.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import type { PolicySpec } from '../../simulator/policy.ts'
import type { Case, Experiment } from '../frame/experiment.ts'
import type { Finding } from '../frame/finding.ts'
import { figure } from '../frame/words.ts'
import scenario from './scenario.ts'

const LEFT = [10, 8, 6, 5, 4, 3, 2]
const checked = scenario.policy!

const HEED = 'health counts'
const PANIC = 'panic below 50 %'
const CRUSHED = 'health counts, nobody cancels'
const UNTOLD = 'panic below 50 %, nobody cancels'
const policies: Readonly<Record<string, PolicySpec>> = {
  [HEED]: checked,
  [PANIC]: { ...checked, panic: 0.5 },
  [CRUSHED]: { ...checked, cancels: false },
  [UNTOLD]: { ...checked, panic: 0.5, cancels: false },
}
const left = (servers: number): string => `${servers} of 10`

const gone = (servers: number): Partial<Scenario> =>
  servers === 10
    ? {}
    : {
        events: [
          {
            at: 5000,
            server: Array.from({ length: 10 - servers }, (_, i) => `s${i + 1}`),
            outage: 'refuse',
          },
        ],
      }

/** All ten are well, but for one request in fifty, at 60 % load. */
const FLAPPING = '2 % errors'
const flapping: Partial<Scenario> = {
  arrivals: { type: 'poisson', rate: 600 },
  servers: [{ count: 10, failure: { rate: 0.02, status: 503 } }],
}
const eject = (consecutive: number, share: number): EjectionOptions => ({
  consecutive,
  base: 10_000,
  max: 10_000,
  share,
})
const NEVER = 'no ejection'
const FIRST = 'ejected by one error'
const THIRD = 'ejected by one error, 30 % at most'
const FIFTH = 'ejected by five errors'
const ejections: Readonly<Record<string, PolicySpec>> = {
  [NEVER]: {},
  [FIRST]: { ejection: eject(1, 1) },
  [THIRD]: { ejection: eject(1, 0.3) },
  [FIFTH]: { ejection: eject(5, 1) },
}

const strategy = 'round_robin'
const cases: readonly Case[] = [
  ...LEFT.flatMap((servers) =>
    Object.entries(policies).map(([label, policy]) => ({
      strategy,
      label,
      variant: left(servers),
      change: { ...gone(servers), policy },
    })),
  ),
  ...Object.entries(ejections).map(([label, policy]) => ({
    strategy,
    label,
    variant: FLAPPING,
    change: { ...flapping, policy },
  })),
]

const experiment: Experiment = {
  question: 'When few servers seem to be well, should a balancer still believe that?',
  answer(results) {
    const answered = (label: string): string =>
      figure(results.mean('answered', label, left(3)), '%')
    return (
      `Only if what is left can carry the load, or can at least drop what nobody waits for: with three servers of ten left at 40 % load, ${answered(HEED)} of the requests are answered if requests that time out are ` +
      `cancelled, ${answered(CRUSHED)} if they are not, and ${answered(UNTOLD)} if health is ignored, since whoever is sent to a dead server fails and leaves the others in peace.`
    )
  },
  scenario,
  replications: 5,
  cases,
  measure({ result: { requests }, simulation }) {
    return {
      answered: requests.outcomes.ok / requests.count,
      mean: requests.latency?.mean ?? 0,
      pool: pool.get(simulation) ?? 0,
    }
  },
  watch: {
    every: 1000,
    begin({ simulation }) {
      let looks = 0
      let sum = 0
      return () => {
        const { servers } = simulation.proxies[0].balancer
        const eligible = servers.filter(({ standing }) => standing === 'good').length
        looks++
        sum += eligible
        pool.set(simulation, sum / looks)
        return {}
      }
    },
  },
  chart: (results) => ({
    kind: 'lines',
    title: 'Requests answered within a second, for each number of servers that are left',
    x: { label: 'servers that are left, of ten', from: 2, to: 10 },
    y: { label: 'answered', percent: true, to: 1 },
    series: [HEED, PANIC, CRUSHED, UNTOLD].map((label, dash) => ({
      label,
      strategy,
      dash,
      points: LEFT.map((servers) => ({
        x: servers,
        ...results.estimate('answered', label, left(servers)),
      })),
    })),
    marks: [{ x: 5, label: '50 %' }],
  }),
  findings: (results): Finding[] => [
    ...[4, 3, 2].map((servers) => ({
      says: `In panic, with ${servers} servers left, that share is answered`,
      measured: results.values('answered', PANIC, left(servers)),
      theory: servers / 10,
      unit: '%',
    })),
    {
      says: 'and those are not crushed: they take less than 1.5 times as long as before',
      measured: results.mean('mean', PANIC, left(3)) / results.mean('mean', PANIC, left(10)),
      between: [0, 1.5],
      unit: 'times',
    },
    {
      says: 'Without panic the three that are left are overloaded: more than half of the second goes by',
      measured: results.values('mean', HEED, left(3)),
      between: [500, 1000],
      unit: 'ms',
    },
    {
      says: 'and answer fewer than in panic',
      measured: results.difference('answered', [HEED, left(3)], [PANIC, left(3)]),
      above: 0,
      unit: '%',
      instead: 'more: each still answers all it can, late',
    },
    {
      says: 'but fewer if they go on with what nobody waits for',
      measured: results.difference('answered', [CRUSHED, left(3)], [UNTOLD, left(3)]),
      above: 0,
      unit: '%',
    },
    {
      says: 'With 2 % errors, one of which ejects, fewer than half of the servers are in the pool on average',
      measured: results.values('pool', FIRST, FLAPPING),
      between: [0, 5],
    },
    {
      says: 'and requests take more than ten times as long as without ejection',
      measured: results.mean('mean', FIRST, FLAPPING) / results.mean('mean', NEVER, FLAPPING),
      between: [10, Infinity],
      unit: 'times',
    },
    {
      says: 'A limit of 30 % keeps seven of them',
      measured: results.values('pool', THIRD, FLAPPING),
      between: [6.9, 7.5],
    },
    {
      says: 'Five errors in a row are no accident: nobody is ejected',
      measured: results.values('pool', FIFTH, FLAPPING),
      between: [9.9, 10],
    },
    {
      says: 'Ejection spares clients errors',
      measured: results.difference('answered', [NEVER, FLAPPING], [FIRST, FLAPPING]),
      above: 0,
      unit: '%',
      instead: 'errors that are chance are everywhere',
    },
  ],
}

/** How many servers were not ejected, on average over the looks so far. */
const pool = new WeakMap<object, number>()

export default experiment
