import { describe, expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { gaveWay, giveWay, guarded, type StrategyFault } from '../../../proxy/core/guarded.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import { SILENT } from '../../../proxy/core/report.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import type { Strategy, StrategyFactory } from '../../../proxy/core/strategy.ts'
import { findStrategy, STRATEGIES } from '../../../proxy/strategies/index.ts'

/** In turn, but for what a test changes. */
function own(change: (servers: readonly Endpoint[]) => Partial<Strategy>): StrategyFactory {
  const create = (): Strategy => {
    const servers: Endpoint[] = []
    let next = 0
    return {
      name: 'own',
      update: (given) => void servers.splice(0, Infinity, ...given),
      pick: () => servers[next++ % servers.length],
      settled: () => {},
      ...change(servers),
    }
  }
  return { promise: 'equal', create }
}

function begin(strategy: StrategyFactory, memory = new Memory(16)) {
  const faults: StrategyFault[] = []
  const fallback = findStrategy('round_robin')!
  const balancer = new Balancer({
    clock: new Clock(0),
    rng: new Rng(1),
    memory,
    strategy: guarded(strategy, { fallback, onFault: (fault) => faults.push(fault) }),
  })
  for (const id of ['a', 'b', 'c']) balancer.add(new Endpoint(id))
  const serve = (): string | undefined => {
    const server = balancer.acquire(0, 0)
    if (server !== undefined) balancer.release(server, 5, 'ok')
    return server?.id
  }
  return { balancer, faults, serve }
}

describe('a guarded strategy', () => {
  for (const entry of STRATEGIES.filter((each) => each.simulatorOnly !== true)) {
    test(`that keeps to the rules is left alone: ${entry.name}`, () => {
      const { balancer, faults, serve } = begin(entry)
      for (let i = 0; i < 100; i++) {
        if (i % 9 === 0) balancer.setHealthy(balancer.servers[i % 3], i % 2 === 0)
        expect(serve()).toBeDefined()
      }
      expect(faults).toEqual([])
      expect(balancer.strategy.name).toBe(entry.name)
    })
  }

  const outsider = new Endpoint('x')
  const failing = (): never => {
    throw new TypeError('no\n  way')
  }
  const cases: [string, Partial<Strategy>, Partial<StrategyFault>][] = [
    [
      'throws in pick',
      { pick: failing },
      { verb: 'pick', kind: 'threw', problem: 'threw TypeError: no way' },
    ],
    ['throws in update', { update: failing }, { verb: 'update', kind: 'threw' }],
    ['throws in settled', { settled: failing }, { verb: 'settled', kind: 'threw' }],
    [
      'gives nothing',
      { pick: () => undefined as unknown as Endpoint },
      { verb: 'pick', kind: 'picked', problem: 'gave undefined, which is not one of a, b, c' },
    ],
    [
      'gives null',
      { pick: () => null as unknown as Endpoint },
      { problem: 'gave null, which is not one of a, b, c' },
    ],
    [
      'gives a stranger',
      { pick: () => outsider },
      { problem: 'gave "x", which is not one of a, b, c' },
    ],
    [
      'gives a promise',
      { pick: () => Promise.resolve() as unknown as Endpoint },
      { verb: 'pick', kind: 'promised', problem: 'gave a promise: it must not be async' },
    ],
    [
      'gives a copy',
      { pick: () => ({ id: 'b', slot: 0 }) as Endpoint },
      { problem: 'gave a copy of "b" (or an old one), not the object that it was given' },
    ],
    [
      'promises to settle, and fails at it',
      { settled: () => Promise.reject(new Error('later')) as unknown as void },
      { verb: 'settled', kind: 'promised' },
    ],
    [
      'promises to update',
      { update: () => Promise.resolve() as unknown as void },
      { verb: 'update', kind: 'promised' },
    ],
  ]
  for (const [what, change, fault] of cases) {
    test(`that ${what} is told of once, and loses its office to another`, () => {
      const { balancer, faults, serve } = begin(own(() => change))
      const picked = Array.from({ length: 9 }, serve)
      expect(faults).toEqual([expect.objectContaining(fault)])
      expect(picked.filter((id) => id === 'a').length).toBeGreaterThanOrEqual(2)
      expect(new Set(picked)).toEqual(new Set(['a', 'b', 'c']))
      expect(balancer.strategy.name).toBe('round_robin')
      expect(balancer.servers.every((server) => server.inflight === 0)).toBe(true)
    })
  }

  test('that throws what cannot be shown is told of all the same', () => {
    const error = { toString: failing }
    const pick = (): never => {
      // eslint-disable-next-line no-throw-literal
      throw error as unknown as Error
    }
    const { faults, serve } = begin(own(() => ({ pick })))
    serve()
    expect(faults).toMatchObject([{ problem: 'threw something that cannot be shown', error }])
  })

  test('is replaced even if its fault cannot be told', () => {
    const fallback = findStrategy('round_robin')!
    const onFault = (): never => failing()
    const strategy = guarded(
      own(() => ({ pick: failing })),
      { fallback, onFault },
    )
    const balancer = new Balancer({ clock: new Clock(0), rng: new Rng(1), strategy })
    for (const id of ['a', 'b']) balancer.add(new Endpoint(id))
    expect(balancer.acquire(0, 0)).toBeDefined()
    expect(balancer.strategy.name).toBe('round_robin')
  })

  test('that throws orders for a terminal has them taken out, and is cut short', () => {
    const pick = (): never => {
      throw new Error(`\u001b[2Jgone\u0007\r\n${'x'.repeat(5000)}`)
    }
    const { faults, serve } = begin(own(() => ({ pick })))
    serve()
    expect(faults[0].problem).toMatch(/^threw Error: \ufffd\[2Jgone\ufffd x+…$/)
    expect(faults[0].problem.length).toBeLessThan(1100)
  })

  test('that throws what is nearly all blanks is told of at once', () => {
    const pick = (): never => {
      throw new Error(`no${' '.repeat(300_000)}way`)
    }
    const { faults, serve } = begin(own(() => ({ pick })))
    const before = performance.now()
    serve()
    expect(faults[0].problem).toMatch(/^threw Error: no +…$/)
    expect(performance.now() - before).toBeLessThan(1000)
  })

  test('that fails while it holds the lock does not keep it', () => {
    const buffer = new SharedArrayBuffer(8192)
    const make = (thread: number): Memory => new Memory(4, { buffer, thread, threads: 2 })
    const [memory, other] = [make(0), make(1)]
    const pick = (): never => {
      memory.lock.enter()
      return failing()
    }
    const { serve } = begin(
      own(() => ({ pick })),
      memory,
    )
    expect(serve()).toBeDefined()
    expect(other.lock.free(0)).toBe(false) // It is free already.
  })

  test('that picks a server which is not eligible any more is found out', () => {
    let first: Endpoint | undefined
    const { balancer, faults, serve } = begin(
      own((servers) => ({ pick: () => (first ??= servers[0]) })),
    )
    serve()
    balancer.setHealthy(balancer.servers[0], false)
    expect(['b', 'c']).toContain(serve())
    expect(faults).toMatchObject([{ problem: 'gave "a", which is not one of b, c' }])
  })

  test('that sorts or empties its list changes its own only', () => {
    const { faults, serve } = begin(
      own((servers) => ({
        update: (given) => {
          ;(servers as Endpoint[]).splice(0, Infinity, ...given)
          ;(given as Endpoint[]).length = 0
        },
      })),
    )
    expect([serve(), serve(), serve()]).toEqual(['a', 'b', 'c'])
    expect(faults).toEqual([])
  })

  test('may give something that is no promise where there is nothing to give', () => {
    const settled = (() => ({ done: true })) as unknown as Strategy['settled']
    const { faults, serve } = begin(own(() => ({ settled })))
    expect([serve(), serve()]).toEqual(['a', 'b'])
    expect(faults).toEqual([])
  })

  test('is asked for news only if it wants some, and may fail at it', () => {
    expect(begin(own(() => ({}))).balancer.listens).toBe(false)
    const { balancer, faults, serve } = begin(own(() => ({ heard: failing })))
    expect(balancer.listens).toBe(true)
    balancer.heard(balancer.servers[0], SILENT)
    balancer.heard(balancer.servers[0], SILENT)
    expect(faults).toMatchObject([{ verb: 'heard', kind: 'threw' }])
    expect(serve()).toBeDefined()
  })

  test('hands its promise over with its office, from the pick on in which it fails', () => {
    let picks = 0
    const strategy = own((servers) => ({ pick: () => (picks++ < 4 ? servers[0] : failing()) }))
    const { balancer, serve } = begin({ ...strategy, promise: 'adaptive' })
    balancer.setWeight(balancer.servers[0], 2)
    expect(balancer.promise).toBe('adaptive')
    for (let i = 0; i < 4 + 6; i++) serve()
    balancer.tick()
    expect(balancer.promise).toBe('equal')
    const due = balancer.servers.map((server) => balancer.dueOf(server))
    expect(due).toEqual([2 + 2, 1 + 2, 1 + 2])
  })

  test('gives way without a fault when it is told to, once', () => {
    const { balancer, faults, serve } = begin(own((servers) => ({ pick: () => servers[0] })))
    expect([serve(), serve(), serve()]).toEqual(['a', 'a', 'a'])
    expect(gaveWay(balancer.strategy)).toBe(false)
    giveWay(balancer.strategy)
    giveWay(balancer.strategy)
    expect(new Set([serve(), serve(), serve()])).toEqual(new Set(['a', 'b', 'c']))
    expect([gaveWay(balancer.strategy), balancer.strategy.name]).toEqual([true, 'round_robin'])
    expect(faults).toEqual([])
  })

  test('cannot move what its fallback has in the memory', () => {
    const bytes: number[] = []
    const fallback: StrategyFactory = {
      promise: 'equal',
      create(context) {
        bytes.push(context.memory.bytes)
        return findStrategy('round_robin')!.create(context)
      },
    }
    for (const length of [0, 1000]) {
      const greedy: StrategyFactory = {
        promise: 'equal',
        create(context) {
          context.memory.floats(length)
          return own(() => ({})).create(context)
        },
      }
      const strategy = guarded(greedy, { fallback, onFault: () => {} })
      void new Balancer({ clock: new Clock(0), rng: new Rng(1), strategy })
    }
    expect(bytes[0]).toBe(bytes[1])
  })
})
