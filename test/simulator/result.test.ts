import { describe, expect, test } from 'vitest'
import type { OperatorChange } from '../../simulator/scenario.ts'
import { simulate } from '../../simulator/result.ts'
import { jainIndex } from '../../simulator/statistics/spread.ts'
import { IN_TURN, plain } from './story.ts'

describe('what a run came to', () => {
  // In turn: s1 gets those of 0, 20 and 40, and fails each; s2 gets those of 10 and 30, and takes 20 ms for each.
  const result = simulate(
    plain([0, 10, 20, 30, 40], {
      duration: 50,
      warmup: 10,
      servers: [{ failure: { rate: 1 } }, { speed: 0.5 }],
    }),
    { strategy: IN_TURN },
  )

  test('is counted for clients from the warm-up on', () => {
    expect(result).toMatchObject({ generated: 5, underWay: 0, span: 40, retries: 0 })
    expect(result.requests).toMatchObject({ count: 4, rate: 100 })
    expect(result.requests.outcomes).toMatchObject({ ok: 2, error: 2 })
    expect(result.requests.latency).toMatchObject({ count: 2, mean: 20, max: 20 })
  })

  test('is counted for each server: attempts from the warm-up on, ends from the beginning', () => {
    const [failing, slow] = result.servers
    expect(failing).toMatchObject({ id: 's1', share: 0.5, arrived: 3, served: 0, failed: 3 })
    expect(slow).toMatchObject({ id: 's2', share: 0.5, arrived: 2, served: 2, failed: 0 })
    expect(result.fairness).toBe(1)
  })

  test('says how busy each was between warm-up and last arrival', () => {
    // s1 was busy from 20 to 30 and from 40 to 50, s2 from 10 to 50.
    expect(result.servers.map(({ utilization }) => utilization)).toEqual([0.5, 1])
    expect(result.servers.map(({ inHand }) => inHand)).toEqual([0.5, 1])
    expect(result.servers.map(({ mostInHand }) => mostInHand)).toEqual([1, 1])
  })

  test('is plain data', () => {
    expect(structuredClone(result)).toEqual(result)
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
  })
})

test('a server of weight 0 is due nothing, and unfair to nobody', () => {
  const servers = [{ weight: 0 }, {}, {}]
  expect(simulate(plain([0, 1, 2, 3], { servers })).fairness).toBe(1)
  expect(simulate(plain([], { servers: [{ weight: 0 }, { weight: 0 }] })).fairness).toBe(1)
})

describe('where servers come, go and change', () => {
  const inTurn = Array.from({ length: 120 }, (_, i) => 10 * i)
  const short = { type: 'constant', value: 5 } as const

  test('each is measured while it was in the pool', () => {
    const result = simulate(
      plain(inTurn, {
        duration: 1200,
        warmup: 200,
        servers: [{}, {}],
        work: short,
        events: [
          { at: 600, add: { id: 's3' } },
          { at: 700, remove: 's2' },
          { at: 900, remove: ['s2', 's3'] },
        ],
      }),
      { strategy: IN_TURN },
    )
    // Of 100 in turn: 40 for two servers, 10 for three, 20 for two, and 30 for s1 alone.
    const [s1, s2, s3] = result.servers
    expect(s1.attempts.count + s2.attempts.count + s3.attempts.count).toBe(100)
    expect(s1.utilization).toBeCloseTo((5 * s1.attempts.count) / 1000, 9)
    expect(s2.utilization).toBeCloseTo((5 * s2.attempts.count) / 500, 9)
    expect(s3.utilization).toBeCloseTo((5 * s3.attempts.count) / 300, 9)
    expect(s3.inHand).toBeCloseTo(s3.utilization, 9)
    const got = [s1.attempts.count, s2.attempts.count / 0.5, s3.attempts.count / 0.3]
    expect(result.fairness).toBeCloseTo(jainIndex(got), 12)
  })

  test('what it still has in hand when it leaves is measured no further', () => {
    const work = { type: 'constant', value: 100 } as const
    const scenario = { duration: 200, servers: [{}, {}], work, events: [{ at: 40, remove: 's1' }] }
    const { servers } = simulate(plain([0], scenario), { strategy: IN_TURN })
    expect(servers[0]).toMatchObject({ served: 1, utilization: 1, inHand: 1 })
  })

  test('one that left before the warm-up was over counts for nothing', () => {
    const events = [{ at: 100, remove: 's2' }]
    const result = simulate(plain(inTurn, { warmup: 200, servers: [{}, {}], work: short, events }))
    expect(result.fairness).toBe(1)
    expect(result.servers[1]).toMatchObject({ share: 0, utilization: 0, inHand: 0 })
  })

  test('what is fair goes by the weight of the time', () => {
    const fairnessWith = (operator: OperatorChange): number => {
      const events = [{ at: 600, server: 's2', operator }]
      const strategy = { name: 'weighted_round_robin' }
      const servers = [{}, {}]
      const scenario = { duration: 1200, events, servers, strategy, work: short }
      return simulate(plain(inTurn, scenario)).fairness
    }
    // Half the time 30 of 60 each; then of 60 there are 45 for s2, or 12, or none.
    expect(fairnessWith({ weight: 3 })).toBeCloseTo(jainIndex([45, 75 / 2]), 3)
    expect(fairnessWith({ weight: 0.25 })).toBeCloseTo(jainIndex([78, 42 / 0.625]), 3)
    expect(fairnessWith({ admin: 'drain' })).toBeCloseTo(jainIndex([90, 30 / 0.5]), 3)
  })
})

test('before the warm-up is over nothing has been measured', () => {
  const { fairness, requests, servers, span } = simulate(plain([0], { warmup: 100 }))
  expect({ fairness, span, count: requests.count }).toEqual({ fairness: 1, span: 0, count: 0 })
  expect(servers[0]).toMatchObject({ share: 0, utilization: 0, inHand: 0, arrived: 1 })
})
