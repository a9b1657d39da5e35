import { describe, expect, test } from 'vitest'
import { estimate } from '../../../simulator/infer/estimate.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import { writtenLog } from '../../support/written-log.ts'
import { bookOf } from './book-of.ts'

const world: Scenario = {
  name: 'truth',
  seed: 3,
  duration: 30_000,
  arrivals: { type: 'poisson', rate: 250 },
  work: { type: 'exponential', mean: 20 },
  servers: [{ workers: 4 }, { workers: 4 }, { workers: 4, speed: 0.6 }],
  strategy: 'round_robin',
}

function found(change: Partial<Scenario>) {
  return estimate(bookOf(writtenLog({ ...world, ...change })))
}

describe('from a log of a world that is known', () => {
  test('the workers are found, and how fast each server is', () => {
    const { alike, manners, servers, works } = found({})
    expect(manners.discipline).toBe('fifo')
    expect(manners.margin).toBeGreaterThan(100)
    expect(servers.map(({ workers }) => workers)).toEqual([4, 4, 4])
    expect(alike).toBe(false)
    // 2,500 works of exponential spread: three standard errors of their mean are 6 %.
    expect(servers[2].speed / servers[0].speed).toBeCloseTo(0.6, 1)
    expect(servers[0].demand / 20).toBeGreaterThan(0.94)
    expect(servers[0].demand / 20).toBeLessThan(1.06)
    expect(works.length).toBeGreaterThan(7000)
  })

  test.each([
    [
      'sharing',
      {
        servers: [
          { discipline: 'sharing', workers: 2 },
          { discipline: 'sharing', workers: 2 },
        ],
        arrivals: { type: 'poisson', rate: 150 },
      },
      [2, 2],
    ],
    [
      'infinite',
      { servers: [{ discipline: 'infinite' }, { discipline: 'infinite' }] },
      [Infinity, Infinity],
    ],
    [
      'fifo',
      {
        servers: [{ workers: 1 }, { workers: 3 }],
        arrivals: { type: 'poisson', rate: 120 },
        strategy: 'least_connections',
      },
      [1, 3],
    ],
  ] as const)('servers that are %s are told from others', (discipline, change, workers) => {
    const { manners, servers } = found(change)
    expect(manners.discipline).toBe(discipline)
    expect(servers.map((each) => each.workers)).toEqual(workers)
  })

  test('servers that are alike are taken as equal, and the speed of chance is not', () => {
    const { alike, servers } = found({ servers: [{ workers: 4 }, { workers: 4 }, { workers: 4 }] })
    expect(alike).toBe(true)
    expect(servers.map(({ speed }) => speed)).toEqual([1, 1, 1])
  })

  test('a limit that was never reached is not claimed', () => {
    const { manners, servers } = found({ arrivals: { type: 'poisson', rate: 30 } })
    expect(manners.discipline).toBe('infinite')
    expect(Math.max(...servers.map(({ mostInHand }) => mostInHand))).toBeLessThanOrEqual(5)
  })

  test('errors and outages are seen', () => {
    const { servers } = found({
      servers: [{ workers: 8, failure: { rate: 0.1, after: 1 } }, { workers: 8 }],
      policy: { retries: { attempts: 1 } },
      events: [
        { at: 10_000, server: 's2', outage: 'refuse' },
        { at: 12_000, server: 's2', outage: false },
      ],
    })
    // 5,000 answers: three standard errors are 1.3 points.
    expect(servers[0].failure?.rate).toBeCloseTo(0.1, 1)
    expect(servers[0].failure?.after).toBeCloseTo(1, 2)
    expect(servers[1].failure).toBeUndefined()
    const [outage] = servers[1].outages
    expect(servers[1].outages).toHaveLength(1)
    expect(outage.from).toBeGreaterThan(9_900)
    expect(outage.to).toBeLessThan(12_100)
  })

  test('who was hardly used is taken to be like the others', () => {
    const { servers } = found({
      servers: [{ workers: 4 }, { workers: 4 }, { id: 'spare', backup: true }],
      arrivals: { type: 'poisson', rate: 300 },
      policy: { retries: { attempts: 1 } },
      events: [
        { at: 20_000, server: ['s1', 's2'], operator: { admin: 'drain' } },
        { at: 20_020, server: ['s1', 's2'], operator: { admin: 'ready' } },
      ],
    })
    const spare = servers.find(({ id }) => id === 'spare')!
    expect(spare.visits).toBeLessThan(50)
    expect(spare).toMatchObject({ workers: 4, assumed: true, speed: 1 })
  })
})
