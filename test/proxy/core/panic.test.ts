import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint, type EndpointOptions } from '../../../proxy/core/endpoint.ts'
import { heedOf } from '../../../proxy/core/panic.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

interface Given extends EndpointOptions {
  healthy?: boolean
  ejected?: boolean
  maint?: boolean
  unproven?: boolean
}

function made(given: Given, i = 0): Endpoint {
  const server = new Endpoint(`s${i}`, given)
  server.healthy = given.healthy ?? true
  server.unproven = given.unproven ?? false
  if (given.ejected === true) server.standing = 'ejected'
  if (given.maint === true) server.admin = 'maint'
  return server
}

function times(count: number, given: Given): Given[] {
  return Array.from({ length: count }, () => given)
}

const WELL = {}
const DOWN = { healthy: false }
const OUT = { ejected: true }

describe('health is', () => {
  const cases: [string, Given[], 'all' | 'checks' | 'none'][] = [
    ['heeded while exactly half are well', [...times(2, WELL), ...times(2, DOWN)], 'all'],
    ['ignored below', [...times(2, WELL), ...times(3, DOWN)], 'none'],
    ['ignored where passive health has the smaller half out', [WELL, DOWN, OUT], 'none'],
    ['ignored where nobody is well', [DOWN], 'none'],
    ['heeded where there is nobody', [], 'checks'],
    [
      'heeded whatever those are like whom nobody wants',
      [WELL, ...times(5, { ...DOWN, maint: true })],
      'all',
    ],
    [
      'heeded whatever those are like who weigh nothing',
      [WELL, ...times(5, { ...DOWN, weight: 0 })],
      'all',
    ],
    [
      'heeded while newcomers are not judged',
      [WELL, ...times(5, { ...DOWN, unproven: true })],
      'all',
    ],
    ['heeded where a backup takes over', [DOWN, DOWN, { backup: true }], 'all'],
    ['ignored where no backup is well either', [DOWN, DOWN, { backup: true, ...DOWN }], 'none'],
    ['ignored where some but few primaries are well', [WELL, DOWN, DOWN, { backup: true }], 'none'],
    [
      'that of backups where there is nobody else',
      [...times(2, { backup: true, ...DOWN }), { backup: true }],
      'none',
    ],
  ]
  for (const [name, given, expected] of cases) {
    test(name, () => expect(heedOf(given.map(made), 0.5)).toBe(expected))
  }

  test('heeded always, with a share of 0; but if only passive health is against all, it does not count', () => {
    expect(heedOf([DOWN, DOWN].map(made), 0)).toBe('checks')
    expect(heedOf([OUT, DOWN].map(made), 0)).toBe('checks')
    expect(heedOf([OUT, WELL].map(made), 0)).toBe('all')
  })

  test('exact: k of n well is no panic at a share of k / n, and one at any larger share', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(60), (n, k) => {
        const well = Math.min(k, n)
        const servers = [...times(well, WELL), ...times(n - well, DOWN)].map(made)
        expect(heedOf(servers, well / n)).not.toBe('none')
        expect(heedOf(servers, well / n + 1e-9)).toBe('none')
      }),
    )
  })
})

describe('a balancer that panics', () => {
  function pool(panic: number, ...given: EndpointOptions[]) {
    const clock = new Clock(1000)
    const strategy = findStrategy('round_robin')!
    const balancer = new Balancer({ clock, rng: new Rng(1), strategy, panic })
    const servers = given.map((options, i) => new Endpoint(`s${i}`, options))
    for (const server of servers) balancer.add(server)
    const get = (): string => balancer.acquire(0, 0)?.id ?? 'nobody'
    const fall = (...which: number[]): void => {
      for (const i of which) balancer.setHealthy(servers[i], false)
    }
    return { balancer, servers, get, fall }
  }

  test('uses everybody in turn, says so, and counts the requests', () => {
    const { balancer, get, fall } = pool(0.5, {}, {}, {}, {})
    fall(1, 2)
    expect([get(), get()].toSorted()).toEqual(['s0', 's3'])
    expect([balancer.panicking, balancer.panicPicks]).toEqual([false, 0])
    fall(3)
    expect(new Set([get(), get(), get(), get()]).size).toBe(4)
    expect([balancer.panicking, balancer.panicPicks, balancer.eligibleCount]).toEqual([true, 4, 4])
    balancer.setHealthy(balancer.servers[3], true)
    balancer.tick()
    expect([balancer.panicking, balancer.panicPicks, balancer.eligibleCount]).toEqual([false, 4, 2])
  })

  test('does not with a share of 0', () => {
    const { balancer, get, fall } = pool(0, {}, {}, {})
    fall(0, 1, 2)
    expect([get(), balancer.panicking, balancer.eligibleCount]).toEqual(['nobody', false, 0])
  })

  test('keeps to what operators want, and to limits', () => {
    const { balancer, servers, get, fall } = pool(0.5, { max: 1 }, {}, { weight: 0 }, { max: 1 })
    fall(0, 1, 2, 3)
    balancer.setAdmin(servers[1], 'drain')
    expect([get(), get()].toSorted()).toEqual(['s0', 's3'])
    expect([get(), balancer.hasTakers]).toEqual(['nobody', true])
  })

  test('gives backups something only when the others are full', () => {
    const { get, fall } = pool(0.5, { max: 1 }, { max: 1 }, { backup: true })
    fall(0, 1, 2)
    expect([get(), get()].toSorted()).toEqual(['s0', 's1'])
    expect([get(), get()]).toEqual(['s2', 's2'])
  })
})
