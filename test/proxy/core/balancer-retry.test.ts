/** Whom a second attempt goes to, exactly: dice are scripted. See `Balancer.other`. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import type { Strategy, StrategyFactory } from '../../../proxy/core/strategy.ts'
import { part, ScriptedRng } from '../../support/scripted-rng.ts'

/** Everybody's dice are those of the retries. */
class Forked extends Rng {
  private readonly dice: Rng

  constructor(dice: Rng) {
    super(0)
    this.dice = dice
  }

  override fork(): Rng {
    return this.dice
  }
}

/** Gives every request to the server that `turn` says. */
let turn = 0
const strategy: StrategyFactory = {
  promise: 'equal',
  create: (): Strategy => {
    let servers: readonly Endpoint[] = []
    const update = (all: readonly Endpoint[]): void => void (servers = all)
    return { name: 'by hand', update, pick: () => servers[turn], settled: () => {} }
  },
}

/** Servers a, b, c, … of those weights, with so many requests in flight. */
function pool(dice: Rng, weights: readonly number[], loads: readonly number[]): Balancer {
  const balancer = new Balancer({ clock: new Clock(), rng: new Forked(dice), strategy })
  weights.forEach((weight, i) => {
    balancer.add(new Endpoint(String.fromCharCode(97 + i), { weight }))
  })
  loads.forEach((load, i) => {
    turn = i
    for (let n = 0; n < load; n++) balancer.acquire(0, 0)
  })
  return balancer
}

/** One of them, whoever it is, has been tried. */
const pools = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(20)), { minLength: 2, maxLength: 6 })
  .chain((servers) => fc.tuple(fc.constant(servers), fc.nat(servers.length - 1)))

test('nobody is less busy for its weight than the one that is chosen, whatever the dice show', () => {
  fc.assert(
    fc.property(pools, fc.constantFrom(0, 1 - 2 ** -30), ([servers, tried], dice) => {
      const weights = servers.map(([weight]) => weight)
      const loads = servers.map(([, load]) => load)
      const always = new ScriptedRng(...servers.map(() => part(dice)))
      const balancer = pool(always, weights, loads)
      const all = balancer.servers
      const chosen = all.indexOf(balancer.acquire(0, 1, [all[tried]])!)
      expect(chosen).not.toBe(tried)
      for (let i = 0; i < all.length; i++) {
        if (i === tried) continue
        expect(loads[chosen] * weights[i]).toBeLessThanOrEqual(loads[i] * weights[chosen])
      }
    }),
  )
})

test('the equally busy are drawn in proportion to weight: a die for each but the first', () => {
  const at = (...dice: number[]): string => {
    const rng = new ScriptedRng(...dice.map(part))
    const balancer = pool(rng, [1, 2, 1, 4], [9, 2, 1, 4]) // b, c and d carry one for each unit of weight.
    const { id } = balancer.acquire(0, 1, [balancer.servers[0]])!
    expect(rng.left).toBe(0)
    return id
  }
  const least = 2 ** -30
  // c takes b's place in 1 of 3 cases, d that of either in 4 of 7.
  expect(at(1 / 3 + least, 4 / 7 + least)).toBe('b')
  expect(at(1 / 3 - least, 4 / 7 + least)).toBe('c')
  expect(at(1 / 3 - least, 4 / 7 - least)).toBe('d')
  expect(at(1 / 3 + least, 4 / 7 - least)).toBe('d')
})

test('a draw exactly on the edge belongs to the one that came first', () => {
  const at = (place: number): string => {
    const balancer = pool(new ScriptedRng(part(place)), [1, 1, 1], [1, 0, 0])
    return balancer.acquire(0, 1, [balancer.servers[0]])!.id
  }
  expect([at(0.5 - 2 ** -30), at(0.5)]).toEqual(['c', 'b'])
})

test('who tied with somebody busier does not count once somebody less busy is found', () => {
  // a and b tie, and c is better than both; so it is a matter between c and d alone: 1 of 2, not 1 of 4.
  const at = (place: number): string => {
    const rng = new ScriptedRng(part(0.9), part(place))
    const balancer = pool(rng, [1, 1, 1, 1, 1], [3, 3, 2, 2, 5])
    return balancer.acquire(0, 1, [balancer.servers[4]])!.id
  }
  expect([at(0.49), at(0.51)]).toEqual(['d', 'c'])
})
