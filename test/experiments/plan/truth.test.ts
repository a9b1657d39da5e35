/** Logs of worlds whose truth is known: is the copy held to it, and is what it says of another strategy what that world would have done? */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { simulate } from '../../../simulator/result.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import { writtenLog } from '../../support/written-log.ts'
import { planned } from './planned.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-plan-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Two servers, and one that is half as fast: what shares equally keeps that one 65 % busy. */
const truth: Scenario = {
  name: 'truth',
  seed: 3,
  duration: 60_000,
  arrivals: { type: 'poisson', rate: 200 },
  work: { type: 'lognormal', mean: 20, cv: 1 },
  keys: { type: 'zipf', count: 300, exponent: 0.5 },
  servers: [{ workers: 4 }, { workers: 4 }, { workers: 4, speed: 0.5 }],
  strategy: 'round_robin',
}

let files = 0
function logOf(change: Partial<Scenario> = {}): string {
  const file = join(folder, `${++files}.log`)
  writeFileSync(file, writtenLog({ ...truth, ...change }))
  return file
}

describe('a log of a world that is known', () => {
  test('calibrates, and foretells what that world does under another strategy', async () => {
    const strategy = ['peak_ewma', 'least_connections', 'random']
    const found = await planned(logOf(), { current: 'round_robin', strategy })
    expect(found.calibration?.passed).toBe(true)
    expect(found.refused).toBe(false)
    for (const { label, ranges, servers } of found.forecasts) {
      const { requests, servers: those } = simulate({ ...truth, strategy: label })
      // The same requests, with works that were recovered, in front of servers that were estimated.
      expect(Math.abs(ranges.p50.value / requests.latency!.p50 - 1)).toBeLessThan(0.06)
      expect(Math.abs(ranges.p99.value / requests.latency!.p99 - 1)).toBeLessThan(0.12)
      those.forEach(({ share, utilization }, i) => {
        // Those are the dice of one run.
        expect(Math.abs(servers[i].share - share)).toBeLessThan(0.04)
        expect(Math.abs(servers[i].utilization! - utilization)).toBeLessThan(0.05)
      })
    }
    const words = Object.fromEntries(found.forecasts.map(({ label, word }) => [label, word]))
    expect(words).toMatchObject({ peak_ewma: 'better', least_connections: 'better' })
    expect(words['random']).not.toBe('better')
  })

  test.each(['random', 'least_connections', 'power_of_two', 'ring_hash'])(
    'is refused when it is said that %s ran, which did not',
    async (current) => {
      const { calibration, doubts, forecasts, refused } = await planned(logOf(), {
        current,
        strategy: ['peak_ewma'],
      })
      expect(refused).toBe(true)
      expect(calibration?.passed).toBe(false)
      expect(doubts[0]).toBe('round_robin would have reproduced it: did that run?')
      expect(forecasts).toEqual([])
    },
  )

  test('is refused when a server slowed down in the middle, and says which', async () => {
    const file = logOf({ events: [{ at: 30_000, server: 's1', set: { speed: 0.5 } }] })
    const { doubts, refused } = await planned(file, { current: 'round_robin' })
    expect(refused).toBe(true)
    expect(doubts[0]).toMatch(/^s1 changed: a request took it (19|20)\.\d ms .* (38|39|40|41)/)
  })

  test('is believed all the same with --anyway, and stays marked', async () => {
    const file = logOf({ events: [{ at: 30_000, server: 's1', set: { speed: 0.5 } }] })
    const found = await planned(file, {
      current: 'round_robin',
      strategy: ['peak_ewma'],
      anyway: true,
    })
    expect(found.refused).toBe(true)
    expect(found.forecasts).toHaveLength(2)
  })

  test('a strategy that does the same is not called better', async () => {
    const servers = [{ workers: 4 }, { workers: 4 }, { workers: 4 }]
    const arrivals = { type: 'poisson', rate: 150 } as const
    const file = logOf({ servers, arrivals, strategy: 'least_connections' })
    const found = await planned(file, {
      current: 'least_connections',
      strategy: ['join_idle_queue'],
    })
    expect(found.calibration?.passed).toBe(true)
    expect(found.forecasts[1].word).toBe('cannot tell')
  })
})

describe('other worlds', () => {
  test('a dead server, and how much traffic is borne, are as the world has them', async () => {
    const found = await planned(logOf(), {
      current: 'round_robin',
      strategy: ['least_connections'],
      headroom: true,
      bound: { key: 'p99', quantile: 0.99, below: 250 },
    })
    const [now, then] = found.headrooms
    expect(now.without.map(({ server }) => server)).toEqual(['s1', 's2', 's3'])
    const policy = { retries: { attempts: 1 }, checks: CHECKS }
    const events = [{ at: 0, server: 's1', outage: 'refuse' } as const]
    const dead = simulate({ ...truth, strategy: 'least_connections', policy, events })
    const p99 = dead.requests.latency!.p99
    expect(Math.abs(then.without[0].p99 / p99 - 1)).toBeLessThan(0.15)
    expect(then.growth).toBeGreaterThan(now.growth)
    const at = (factor: number): number => {
      const arrivals = { type: 'poisson', rate: 200 * factor } as const
      return simulate({ ...truth, strategy: 'least_connections', arrivals }).requests.latency!.p99
    }
    // The bound is somewhere between a tenth less and a tenth more.
    expect(at(then.growth * 0.9)).toBeLessThan(250)
    expect(at(then.growth * 1.1)).toBeGreaterThan(250)
  })

  test('a server more, one less, other weights and more traffic are told apart from now', async () => {
    const found = await planned(logOf(), {
      current: 'round_robin',
      strategy: ['weighted_round_robin'],
      weight: new Map([['s3', 2]]),
      remove: ['s2'],
      add: 2,
      rate: 1.2,
    })
    const [now, same, other] = found.forecasts
    expect(now.servers.map(({ id }) => id)).toEqual(['s1', 's2', 's3'])
    expect(same.label).toBe('round_robin, +2 servers, without s2, s3 of weight 2, traffic × 1.2')
    expect(other.servers.map(({ id, share }) => [id, Math.round(share * 100)])).toEqual([
      ['s1', 20],
      ['s3', 40],
      ['new1', 20],
      ['new2', 20],
    ])
  })

  test('keys that move are counted where both go by keys', async () => {
    const policy = { retries: { attempts: 1 } }
    const servers = [{ workers: 8 }, { workers: 8 }, { workers: 8 }]
    const file = logOf({ strategy: 'ring_hash', servers, policy })
    const flags = { current: 'ring_hash', strategy: ['rendezvous', 'random'], maxP99: 1, maxP50: 1 }
    const found = await planned(file, flags)
    const [, other, none] = found.forecasts
    // Two of three servers are others, whatever the hash: 300 keys, four standard errors.
    expect(Math.abs(other.moved! - 2 / 3)).toBeLessThan(0.11)
    expect(none.moved).toBeUndefined()
    const more = await planned(file, { ...flags, strategy: [], add: 1 })
    // A fourth server takes a quarter, and no key moves but to it; points on a ring are uneven.
    expect(Math.abs(more.forecasts[1].moved! - 1 / 4)).toBeLessThan(0.12)
  })
})

const CHECKS = { interval: 2000, timeout: 1000, fall: 2, rise: 2 }
