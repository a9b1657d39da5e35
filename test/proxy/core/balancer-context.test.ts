import { describe, expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import { type Report, SILENT } from '../../../proxy/core/report.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import type { Strategy, StrategyContext, StrategyFactory } from '../../../proxy/core/strategy.ts'
import { Recording } from './recording-strategy.ts'

describe('what a strategy is made from', () => {
  function contextOf(memory: Memory, ask?: (server: Endpoint) => void): StrategyContext {
    let given: StrategyContext | undefined
    const create = (context: StrategyContext): Strategy => {
      given = context
      return new Recording()
    }
    const factory: StrategyFactory = { promise: 'weight', create }
    const options = { clock: new Clock(), rng: new Rng(1), strategy: factory, memory }
    void new Balancer(ask === undefined ? options : { ...options, ask })
    return given!
  }

  const server = new Endpoint('a')

  test('asks whom the balancer was told to ask, or nobody', () => {
    const asked: Endpoint[] = []
    contextOf(new Memory(4), (each) => void asked.push(each)).ask(server)
    expect(asked).toEqual([server])
    expect(() => contextOf(new Memory(4)).ask(server)).not.toThrow()
  })

  test('has dice of its own in each thread, and in the first those of a single one', () => {
    const draws = [0, 1, 2].map((thread) => {
      const buffer = new SharedArrayBuffer(8192)
      return contextOf(new Memory(4, { buffer, thread, threads: 3 })).rng.next()
    })
    expect(new Set(draws).size).toBe(3)
    expect(contextOf(new Memory(4)).rng.next()).toBe(draws[0])
  })
})

describe('news from a server', () => {
  const heard: [string, Report][] = []

  function make(listens: boolean): Balancer {
    const listener = {
      heard: (server: Endpoint, report: Report) => void heard.push([server.id, report]),
    }
    const create = (): Strategy => Object.assign(new Recording(), listens ? listener : {})
    const strategy: StrategyFactory = { promise: 'weight', create }
    const balancer = new Balancer({ clock: new Clock(), rng: new Rng(1), strategy })
    for (const id of ['a', 'b']) balancer.add(new Endpoint(id))
    return balancer
  }

  test('is for a strategy that listens, and about servers that are still there', () => {
    const balancer = make(true)
    expect(balancer.listens).toBe(true)
    const [a, b] = balancer.servers
    balancer.heard(a, SILENT)
    balancer.remove(b)
    balancer.heard(b, SILENT)
    expect(heard).toEqual([['a', SILENT]])
  })

  test('is nothing to the others', () => {
    const balancer = make(false)
    expect(balancer.listens).toBe(false)
    expect(() => balancer.heard(balancer.servers[0], SILENT)).not.toThrow()
  })
})

test('a thread that died holds no lock, and owes nothing', () => {
  const buffer = new SharedArrayBuffer(8192)
  const memories = [0, 1].map((thread) => new Memory(4, { buffer, thread, threads: 2 }))
  const balancers = memories.map((memory) => {
    const strategy: StrategyFactory = { promise: 'weight', create: () => new Recording() }
    const each = new Balancer({ clock: new Clock(), rng: new Rng(1), strategy, memory })
    each.add(new Endpoint('a'))
    each.add(new Endpoint('b'))
    return each
  })
  balancers[1].acquire(0, 0)
  memories[1].lock.enter()
  balancers[0].forfeit(1)
  expect(balancers[0].servers[0].inflight).toBe(0)
  expect(memories[0].lock.free(1)).toBe(false) // It was freed already.
})
