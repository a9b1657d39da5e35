import { expect, test } from 'vitest'
import type { Endpoint } from '../../proxy/core/endpoint.ts'
import type { StrategyContext } from '../../proxy/core/strategy.ts'
import { Chances, distribution } from './distribution.ts'
import { Broken, mutant } from './mutants/mutant.ts'
import { REGISTRY } from './subject.ts'

const random = REGISTRY.find(({ name }) => name === 'random')!
const powerOfTwo = REGISTRY.find(({ name }) => name === 'power_of_two')!

function rounded(chances: readonly number[] | undefined): number[] | undefined {
  return chances?.map((chance) => +chance.toFixed(9))
}

test('chances are those of all outcomes of the dice', () => {
  const situation = { weights: [1, 2, 5], loads: [0, 0, 0] }
  expect(rounded(distribution(random, situation))).toEqual([0.125, 0.25, 0.625])
})

test('and of all pairs in a row', () => {
  const pairs = rounded(distribution(random, { weights: [1, 3], loads: [0, 0] }, 2))
  expect(pairs).toEqual([0.0625, 0.1875, 0.1875, 0.5625])
})

test('the busiest of three is never the less busy of two', () => {
  const situation = { weights: [1, 1, 1], loads: [5, 1, 3] }
  expect(rounded(distribution(powerOfTwo, situation))).toEqual([0, 0.666666667, 0.333333333])
})

/** Compares two fine dice with each other: no grid shows exactly how often they are equal. */
class Race extends Broken {
  private readonly phases: readonly number[]

  constructor(context: StrategyContext) {
    super(context)
    this.phases = [context.rng.float(), context.rng.float()]
  }

  pick(): Endpoint {
    return this.servers[this.phases[1] < this.phases[0] ? 1 : 0]
  }
}

test('where a finer grid says something else samples have to do', () => {
  const race = mutant({ name: 'race', caughtBy: '' }, Race)
  const situation = { weights: [1, 1], loads: [0, 0] }
  expect(distribution(race, situation)).toBeUndefined()
  const chances = new Chances(race, situation)
  expect(chances.toString()).toMatch(/^a \d+ of 20000 times, b \d+ of 20000 times$/)
  expect(chances.fits([0.5, 0.5])).toBe(true)
  expect(chances.fits([0.53, 0.47])).toBe(false)
  expect(chances.fits([1, 0])).toBe(false)
  expect(chances.certain).toBe(false)
})
