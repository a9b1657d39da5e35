import type { DistributionSpec } from '../../simulator/distributions.ts'
import { hedgedExtra, hedgedMean, hedgedQuantile } from '../../simulator/theory/hedging.ts'
import { attempts } from '../../simulator/theory/retries.ts'
import { type Case, EXPONENTIAL, poisson } from './case.ts'
import { attemptsEach, meanTime, quantile, share } from './run.ts'

/** What proxies do around a strategy, and servers where nobody waits. */

/** Nobody disturbs anybody: what a second attempt costs, it costs nobody else. */
const ENDLESS = [{ count: 4, discipline: 'infinite' as const }]

const hedges = [0.5, 0.9, 0.99].map((p): Case => {
  const delay = -Math.log(1 - p)
  return {
    group: 'hedging',
    name: `exponential, after its ${p} quantile`,
    scenario: {
      arrivals: poisson(10),
      work: EXPONENTIAL,
      workOf: 'attempt',
      servers: ENDLESS,
      strategy: 'random',
      policy: { hedging: { delay } },
    },
    length: 5e4,
    warmup: 100,
    quick: p === 0.5,
    checks: [
      { what: 'asked twice', theory: hedgedExtra(delay), of: (run) => attemptsEach(run) - 1 },
      { what: 'mean', theory: hedgedMean(delay), of: meanTime },
      { what: 'p99', theory: hedgedQuantile(delay, 0.99), of: quantile(0.99) },
    ],
  }
})

const retries = (
  [
    [0.1, 3],
    [0.5, 3],
  ] as const
).map(([failing, tries]): Case => ({
  group: 'retries',
  name: `${failing} fail, ${tries} retries`,
  scenario: {
    arrivals: poisson(10),
    work: EXPONENTIAL,
    workOf: 'attempt',
    servers: [{ ...ENDLESS[0], failure: { rate: failing } }],
    strategy: 'random',
    policy: { retries: { attempts: tries, afterAnswers: true } },
  },
  length: 5e4,
  warmup: 100,
  quick: failing === 0.5,
  checks: [
    { what: 'attempts', theory: attempts(failing, tries), of: attemptsEach },
    { what: 'fail in the end', theory: failing ** (tries + 1), of: share('error') },
  ],
}))

/** With work of 10 ms, so that looks every 100 ms hardly know of each other. */
const endless = (
  [
    ['lognormal cv 1', { type: 'lognormal', mean: 10, cv: 1 }],
    ['constant', { type: 'constant', value: 10 }],
  ] as [string, DistributionSpec][]
).map(([name, work]): Case => ({
  group: 'M/G/inf',
  name: `${name}, 5 offered`,
  scenario: {
    arrivals: { type: 'poisson', rate: 500 },
    work,
    servers: [{ discipline: 'infinite' }],
    strategy: 'random',
  },
  length: 2e6,
  warmup: 1000,
  quick: name === 'constant',
  checks: [
    { what: 'mean in flight', theory: 5, of: ({ inFlight }) => inFlight.mean },
    { what: 'variance', theory: 5, of: ({ inFlight }) => inFlight.variance },
  ],
}))

export const POLICIES: readonly Case[] = [...hedges, ...retries, ...endless]
