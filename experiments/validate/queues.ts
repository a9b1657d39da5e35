import { type DistributionSpec, moments } from '../../simulator/distributions.ts'
import { erlangB, firstShares, mmcTime } from '../../simulator/theory/erlang.ts'
import { finiteQueue } from '../../simulator/theory/finite-queue.ts'
import { mg1Time, sharingTime } from '../../simulator/theory/m-g-1.ts'
import { mm1InHand, mm1Quantile, mm1Time } from '../../simulator/theory/m-m-1.ts'
import { type Case, EXPONENTIAL, length, poisson } from './case.ts'
import { inHand, meanTime, quantile, share } from './run.ts'

/** Single servers, and pools that are one queue. */

const WORKS: readonly [string, DistributionSpec][] = [
  ['constant', { type: 'constant', value: 1 }],
  ['Erlang-4', { type: 'erlang', mean: 1, stages: 4 }],
  ['hyperexponential cv 2', { type: 'hyperexponential', mean: 1, cv: 2 }],
  ['bimodal .5 and 5.5', { type: 'bimodal', fast: 0.5, slow: 5.5, slowShare: 0.1 }],
]

const mm1: Case = {
  group: 'M/M/1',
  name: 'rho .8',
  scenario: { arrivals: poisson(0.8), work: EXPONENTIAL, servers: [{}], strategy: 'random' },
  ...length(0.8),
  quick: true,
  checks: [
    { what: 'mean', theory: mm1Time(0.8), of: meanTime },
    { what: 'p50', theory: mm1Quantile(0.8, 0.5), of: quantile(0.5) },
    { what: 'p90', theory: mm1Quantile(0.8, 0.9), of: quantile(0.9) },
    { what: 'p99', theory: mm1Quantile(0.8, 0.99), of: quantile(0.99) },
    { what: 'in hand', theory: mm1InHand(0.8), of: inHand },
  ],
}

const manyWorkers = [2, 10].map((workers): Case => ({
  group: 'M/M/c',
  name: `c ${workers}, rho .8`,
  scenario: {
    arrivals: poisson(0.8, workers),
    work: EXPONENTIAL,
    servers: [{ workers }],
    strategy: 'random',
  },
  ...length(0.8),
  quick: workers === 2,
  checks: [{ what: 'mean', theory: mmcTime(workers, 0.8), of: meanTime }],
}))

/** The same queue with its line at the proxy: one place a server, and whoever finds none waits. */
const waitingLine: Case = {
  group: 'M/M/c',
  name: 'ten servers, line at the proxy',
  scenario: {
    arrivals: poisson(0.8, 10),
    work: EXPONENTIAL,
    servers: [{ count: 10, max: 1 }],
    strategy: 'round_robin',
    policy: { queue: { length: 1_000_000, timeout: 1e9 } },
  },
  ...length(0.8, { servers: 10 }),
  checks: [{ what: 'mean', theory: mmcTime(10, 0.8), of: meanTime }],
}

const finite = (
  [
    [0.8, 5],
    [1.2, 10],
  ] as const
).map(([rho, room]): Case => {
  const { blocked, time } = finiteQueue(rho, 1, room)
  return {
    group: 'M/M/1/K',
    name: `K ${room}, rho ${rho}`,
    scenario: {
      arrivals: poisson(rho),
      work: EXPONENTIAL,
      servers: [{ queue: room - 1 }],
      strategy: 'random',
    },
    length: 1e6,
    warmup: 1000,
    quick: rho < 1,
    checks: [
      { what: 'turned away', theory: blocked, of: share('error') },
      { what: 'mean', theory: time, of: meanTime },
    ],
  }
})

const anyWork = WORKS.map(([name, work]): Case => {
  const { scv } = moments(work)
  return {
    group: 'M/G/1',
    name: `${name}, rho .7`,
    scenario: { arrivals: poisson(0.7), work, servers: [{}], strategy: 'random' },
    ...length(0.7, { factor: 1 + scv }),
    checks: [{ what: 'mean', theory: mg1Time(0.7, scv), of: meanTime }],
  }
})

const sharing = WORKS.map(([name, work]): Case => {
  const { scv } = moments(work)
  return {
    group: 'M/G/1 sharing',
    name: `${name}, rho .7`,
    scenario: {
      arrivals: poisson(0.7),
      work,
      servers: [{ discipline: 'sharing' }],
      strategy: 'random',
    },
    ...length(0.7, { factor: 1 + scv }),
    checks: [{ what: 'mean', theory: sharingTime(0.7), of: meanTime }],
  }
})

const losses = [WORKS[0], WORKS[2]].map(([name, work]): Case => ({
  group: 'Erlang B',
  name: `ten places, 8 offered, ${name}`,
  scenario: {
    arrivals: poisson(8),
    work,
    servers: [{ workers: 10, queue: 0 }],
    strategy: 'random',
  },
  length: 1e5,
  warmup: 100,
  checks: [{ what: 'turned away', theory: erlangB(10, 8), of: share('error') }],
}))

const shares = firstShares(3, 4, 9)
const inOrder: Case = {
  group: 'Erlang B',
  name: 'three servers of 4 in order, 9 offered',
  scenario: {
    arrivals: poisson(9),
    work: EXPONENTIAL,
    servers: [{ count: 3, workers: 4, max: 4 }],
    strategy: 'first',
  },
  length: 1e5,
  warmup: 100,
  quick: true,
  checks: [
    ...[0, 1, 2].map((server) => ({
      what: `share of server ${server + 1}`,
      theory: shares[server],
      of: ({ result }: Parameters<typeof meanTime>[0]) =>
        result.servers[server].attempts.count / result.requests.count,
    })),
    { what: 'turned away', theory: shares[3], of: share('refused') },
  ],
}

export const QUEUES: readonly Case[] = [
  mm1,
  ...manyWorkers,
  waitingLine,
  ...finite,
  ...anyWork,
  ...sharing,
  ...losses,
  inOrder,
]
