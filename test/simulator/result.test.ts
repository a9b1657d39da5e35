import { describe, expect, test } from 'vitest'
import { simulate } from '../../simulator/result.ts'
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

test('before the warm-up is over nothing has been measured', () => {
  const { fairness, requests, servers, span } = simulate(plain([0], { warmup: 100 }))
  expect({ fairness, span, count: requests.count }).toEqual({ fairness: 1, span: 0, count: 0 })
  expect(servers[0]).toMatchObject({ share: 0, utilization: 0, inHand: 0, arrived: 1 })
})
