import { describe, expect, test } from 'vitest'
import { balance, moves } from '../../../experiments/bench/pick-quality.ts'
import { timing } from '../../../experiments/bench/pick-speed.ts'
import { PickWorld, RequestWorld } from '../../../experiments/bench/pick-world.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { Strategy, StrategyContext, StrategyFactory } from '../../../proxy/core/strategy.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

type Pick = (servers: readonly Endpoint[], key: number) => Endpoint

/** A strategy that is nothing but a rule. */
function rule(pick: Pick, keyed = false): StrategyFactory {
  let servers: readonly Endpoint[] = []
  const create = (): Strategy => ({
    name: 'rule',
    update: (all) => void (servers = all),
    pick: (key) => pick(servers, key),
    settled: () => {},
  })
  return { promise: 'equal', keyed, create }
}

const first = rule((servers) => servers[0])
const foreign = rule(() => new Endpoint('stranger'), true)
const modulo = rule((servers, key) => servers[key % servers.length], true)
/** Stays where it is, unless that server has left: what a ring does. */
const steady = rule((servers, key) => {
  const home = `10.0.0.${key % 10}:80`
  return servers.find(({ id }) => id === home) ?? servers[key % 8]
}, true)

describe('balance', () => {
  test('is as bad as can be for a strategy that gives everything to one', () => {
    expect(balance(first, 5)).toEqual({ busiest: 5, share: 5 })
  })

  test('is exact for turns, and better for least connections than for chance', () => {
    const of = (name: string): ReturnType<typeof balance> => balance(findStrategy(name)!, 10)
    expect(of('round_robin').share).toBe(1)
    const [least, random] = [of('least_connections'), of('random')]
    expect(least.busiest).toBeLessThan(1.35)
    expect(random.busiest).toBeGreaterThan(1.6) // Of 40 in 10 boxes the fullest has 7 to 8.
    expect(random.share).toBeLessThan(1.2)
    expect(random.share).toBeGreaterThan(1)
  })

  test('is the same every time', () => {
    const strategy = findStrategy('power_of_two')!
    expect(balance(strategy, 10)).toEqual(balance(strategy, 10))
  })

  test('is not measured of a strategy that picks what is not there', () => {
    expect(() => balance(foreign, 3)).toThrow()
  })
})

describe('keys moved when one of ten leaves', () => {
  test('are nine tenths by modulo, and only those of the one that left where it is done well', () => {
    const lost = moves(modulo, 10)!
    expect(lost.moved).toBeCloseTo(0.9, 1)
    expect(lost.due).toBeCloseTo(0.1, 2)
    const kept = moves(steady, 10)!
    expect(kept.moved).toBe(kept.due)
    expect(kept.due).toBeCloseTo(0.1, 2)
  })

  test('are counted only where keys matter, and never to a stranger', () => {
    expect(moves(first, 10)).toBeUndefined()
    expect(() => moves(foreign, 10)).toThrow('picked stranger, who is not one of the servers')
  })
})

describe('the worlds of the measurement', () => {
  test('keep as many requests in flight as they began with, with other keys all the time', () => {
    const keys = new Set<number>()
    const counted = rule((servers, key) => {
      keys.add(key)
      return servers[key % servers.length]
    })
    for (const world of [new PickWorld(counted, 10), new RequestWorld(counted, 10)]) {
      keys.clear()
      for (let i = 0; i < 20; i++) {
        world.batch()
        world.between()
      }
      expect(keys.size).toBeGreaterThan(16_000)
      expect(() => world.check()).not.toThrow()
    }
  })

  test('give news and what only a simulator knows to those who ask for it, and time passes', () => {
    const heard: number[] = []
    let given: StrategyContext | undefined
    const create = (context: StrategyContext): Strategy => {
      given = context
      return {
        ...first.create(context),
        pick: () => {
          context.ask(servers[2])
          return servers[2]
        },
        heard: (server, { utilization }) => void heard.push(server.slot, utilization),
      }
    }
    const world = new PickWorld({ promise: 'adaptive', create }, 3)
    const { servers } = world
    const before = given!.clock.now
    world.batch()
    world.between()
    expect(given!.clock.now).toBeGreaterThan(before)
    expect(heard).toContain(2)
    expect(heard.every((number) => number >= 0)).toBe(true)
    expect(given!.remainingWork!(servers[2])).toBeGreaterThan(0)
  })

  test('notice a strategy that picks strangers', () => {
    const world = new PickWorld(foreign, 3)
    world.batch()
    expect(() => world.check()).toThrow(/requests in flight/)
  })
})

test('a batch that takes a known time is found to take it, without what happens in between', () => {
  const spin = (milliseconds: number) => (): void => {
    const until = performance.now() + milliseconds
    while (performance.now() < until);
  }
  const { median, plain } = timing({ batch: spin(1), between: spin(4) }, 0.1)
  expect(median).toBeGreaterThanOrEqual(1000) // A batch counts as a thousand.
  expect(median).toBeLessThan(4000)
  expect(plain).toBeGreaterThan(4900)
})
