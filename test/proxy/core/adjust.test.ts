import { describe, expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { adjusted, rulesOf, type RulesSpec } from '../../../proxy/core/rules.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

const EJECTION = { consecutive: 2, base: 10_000, max: 300_000, share: 1 }
const RETRIES = { attempts: 1, budget: 0, minPerSecond: 1 }

function pool(spec: Partial<RulesSpec> = {}) {
  const clock = new Clock(1000)
  const strategy = findStrategy('round_robin')!
  const options = { clock, rng: new Rng(1), strategy, memory: new Memory() }
  const rules = rulesOf({ retries: RETRIES, ...spec }, options)
  const { balancer } = rules
  for (const id of ['a', 'b', 'c']) balancer.add(new Endpoint(id))
  balancer.tick()
  return { clock, balancer, rules, servers: balancer.servers }
}

function fail(balancer: Balancer, server: Endpoint, times: number): void {
  for (let i = 0; i < times; i++) {
    let taken = balancer.acquire(0, 0)!
    while (taken !== server) {
      balancer.release(taken, 1, 'ok')
      taken = balancer.acquire(0, 0)!
    }
    balancer.release(server, 1, 'error')
  }
  balancer.tick()
}

describe('proxy-behaviour 1, reload: the rules of a running balancer', () => {
  test('ejection that is switched on counts from then on', () => {
    const { balancer, servers } = pool()
    fail(balancer, servers[0], 5)
    expect(servers[0].state).toBe('up')
    balancer.adjust({ ejection: EJECTION })
    fail(balancer, servers[0], 1)
    expect(servers[0].state).toBe('up')
    fail(balancer, servers[0], 1)
    expect(servers[0].state).toBe('ejected')
  })

  test('who is ejected stays so under other figures, which hold for the next one', () => {
    const { balancer, clock, servers } = pool({ ejection: EJECTION })
    fail(balancer, servers[0], 2)
    balancer.adjust({ ejection: { ...EJECTION, consecutive: 3, base: 1000 } })
    expect(servers[0].state).toBe('ejected')
    fail(balancer, servers[1], 2)
    expect(servers[1].state).toBe('up')
    clock.now += 5000
    balancer.tick()
    expect(servers[0].state).toBe('ejected')
    clock.now += 5001
    balancer.tick()
    expect(servers[0].standing).toBe('probation')
  })

  test('nobody is out once it is switched off, nor when it is switched on again', () => {
    const { balancer, servers } = pool({ ejection: EJECTION })
    fail(balancer, servers[0], 2)
    balancer.adjust({})
    expect(servers[0].state).toBe('up')
    balancer.adjust({ ejection: EJECTION })
    balancer.tick()
    expect(servers[0].state).toBe('up')
    expect(balancer.eligibleCount).toBe(3)
  })

  test('panic follows', () => {
    const { balancer, servers } = pool()
    for (const server of servers.slice(1)) balancer.setHealthy(server, false)
    expect(balancer.eligibleCount).toBe(1)
    balancer.adjust({ panic: 0.5 })
    expect(balancer.eligibleCount).toBe(3)
    balancer.adjust({})
    expect(balancer.eligibleCount).toBe(1)
  })

  test('a slow start goes on by other figures, and ends if it is switched off', () => {
    const slowStart = { duration: 10_000, aggression: 1, floor: 0.1 }
    const { balancer, clock, servers } = pool({ slowStart })
    balancer.setHealthy(servers[0], false)
    balancer.setHealthy(servers[0], true)
    clock.now += 5000
    balancer.tick()
    expect(servers[0].weight).toBeCloseTo(0.5)
    balancer.adjust({ slowStart: { ...slowStart, duration: 50_000 } })
    expect(servers[0].weight).toBeCloseTo(0.1)
    balancer.adjust({})
    expect(servers[0].weight).toBe(1)
    balancer.adjust({ slowStart })
    balancer.tick()
    expect(servers[0].weight).toBe(1)
  })

  test('the retry budget is one for the old rules, which a request may keep, and the new', () => {
    const { rules } = pool()
    const failed = {
      outcome: 'refused' as const,
      attempt: 0,
      nonsense: false,
      sent: false,
      answered: false,
      idempotent: true,
      replayable: true,
      staleConnection: false,
    }
    const { retry } = adjusted(rules, { retries: { ...RETRIES, attempts: 2 } }, false)
    const second = { ...failed, attempt: 1 }
    expect([rules.retry.decide(second, false), retry.decide(second, false)]).toEqual([
      'exhausted',
      'again',
    ])
    while (retry.decide(failed, false) === 'again');
    expect(rules.retry.decide(failed, false)).toBe('no_budget')
  })

  test('what the delay of hedges was learned from is kept while they are as they were', () => {
    const { rules } = pool({ hedging: { delay: 20 } })
    const same = adjusted(rules, { retries: RETRIES, hedging: { delay: 20 } }, true)
    expect(same.hedging).toBe(rules.hedging)
    expect(same.hedging!.retry).toBe(same.retry)
    const other = adjusted(same, { retries: RETRIES, hedging: { delay: 30 } }, false)
    expect(other.hedging!.dueAt(0)).toBe(30)
    expect(adjusted(other, { retries: RETRIES }, false).hedging).toBeUndefined()
  })

  test('the line goes by its new bound and timeout at once', () => {
    const { rules } = pool({ queue: { length: 5, timeout: 1000 } })
    adjusted(rules, { retries: RETRIES, queue: { length: 7, timeout: 50 } }, false)
    expect(rules.line.options).toEqual({ length: 7, timeout: 50 })
  })
})

describe('proxy-behaviour 1, reload: a strategy with a buffer of its own', () => {
  test('is one for all threads, and the next one has another', () => {
    const round = findStrategy('round_robin')!
    const size = 1 << 20
    const buffer = new SharedArrayBuffer(size)
    const rooms = [new SharedArrayBuffer(64), new SharedArrayBuffer(64)]
    const balancers = [0, 1].map((thread) => {
      const memory = new Memory(8, { buffer, thread, threads: 2 })
      const rng = new Rng(1)
      const balancer = new Balancer({
        clock: new Clock(),
        rng,
        strategy: round,
        memory,
        room: rooms[0],
      })
      for (const id of ['a', 'b', 'c']) balancer.add(new Endpoint(id))
      return balancer
    })
    const [one, other] = balancers
    const used = one.strategies['memory'].bytes
    const turns = (count: number): string =>
      Array.from({ length: count }, (_, i) => balancers[i % 2].acquire(0, 0)!.id).join('')
    const first = turns(6)
    expect(first.slice(3)).toBe(first.slice(0, 3))
    const candidates = balancers.map((each) => each.strategies.prepare(round, rooms[1]))
    expect(turns(3)).toBe(first.slice(0, 3)) // Nothing has changed yet.
    one.useStrategy(candidates[0])
    other.useStrategy(candidates[1])
    const second = turns(6)
    expect(second.slice(3)).toBe(second.slice(0, 3))
    expect(new Set(second).size).toBe(3)
    expect(one.strategies['memory'].bytes).toBe(used)
  })
})
