import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plain } from '../../../experiments/live/paint.ts'
import { drawCurves } from '../../../experiments/sweep/curve-chart.ts'
import { type Curve, titleOf, turnsOf } from '../../../experiments/sweep/curves.ts'
import { decode, encode } from '../../../experiments/sweep/encoding.ts'
import { addressOf } from '../../../experiments/sweep/redis/address.ts'
import { isOrder } from '../../../experiments/sweep/redis/names.ts'
import { readSeeds } from '../../../experiments/sweep/seeds.ts'
import { readShard } from '../../../experiments/sweep/shard.ts'
import { readVary, varied, variationsOf } from '../../../experiments/sweep/vary.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import type { Standing } from '../../../simulator/study/comparison.ts'

const SCENARIO: Scenario = {
  name: 'Calm',
  seed: 5,
  duration: 4000,
  arrivals: { type: 'poisson', rate: 300 },
  work: { type: 'exponential', mean: 10 },
  servers: [{ count: 3 }, { speed: 0.5 }],
  strategy: 'random',
}

describe('parts of a sweep', () => {
  test('are named like 2/4', () => {
    expect(readShard('2/4')).toEqual({ index: 2, of: 4 })
    expect(() => readShard('3/2')).toThrow('Of 2 parts there are 1/2 to 2/2.')
    expect(() => readShard('0/2')).toThrow('Of 2 parts')
    expect(() => readShard('1/0')).toThrow('at least one part')
    expect(() => readShard('2 of 4')).toThrow('like 2/4')
  })
})

describe('seeds', () => {
  test('are ranges and numbers', () => {
    expect(readSeeds('1..4')).toEqual([1, 2, 3, 4])
    expect(readSeeds('7, 1..2,4294967295')).toEqual([7, 1, 2, 4_294_967_295])
  })

  for (const [text, why] of [
    ['4..1', 'like 1..50'],
    ['4294967296', 'like 1..50'],
    ['1,,2', 'like 1..50'],
    ['1..999999999', 'At most 100000'],
    ['1..5,3', '3 is there twice'],
  ])
    test(`are not ${text}`, () => expect(() => readSeeds(text)).toThrow(why))
})

describe('what is varied', () => {
  test('is a place and its values, and values may be anything that a scenario may have there', () => {
    const [rate] = readVary('arrivals.rate=100,200')
    expect(rate).toEqual({ name: 'arrivals.rate', path: ['arrivals', 'rate'], values: [100, 200] })
    expect(readVary('servers[1].speed=0.1..0.5/0.1')[0].values).toEqual([0.1, 0.2, 0.3, 0.4, 0.5])
    expect(
      readVary('work={type: constant, value: 5ms},{type: exponential, mean: 5}')[0].values,
    ).toEqual([
      { type: 'constant', value: '5ms' },
      { type: 'exponential', mean: 5 },
    ])
  })

  test('is crossed with what else is varied, the first slowest', () => {
    const axes = readVary('proxies=1,2', readVary('arrivals.rate=100,200'))
    expect(variationsOf(axes)).toEqual([
      { 'arrivals.rate': 100, proxies: 1 },
      { 'arrivals.rate': 100, proxies: 2 },
      { 'arrivals.rate': 200, proxies: 1 },
      { 'arrivals.rate': 200, proxies: 2 },
    ])
    expect(variationsOf([])).toEqual([{}])
  })

  test('is put into a scenario that is checked anew, and what it came from stays as it was', () => {
    const axes = readVary('servers[1].speed=0.25', readVary('work.mean=20ms'))
    const before = structuredClone(SCENARIO)
    const { scenario } = varied(SCENARIO, axes, variationsOf(axes)[0])
    expect(scenario.work).toEqual({ type: 'exponential', mean: 20 })
    expect(scenario.servers[1].speed).toBe(0.25)
    expect(SCENARIO).toEqual(before)
  })

  test('may be in a part that the scenario has left out', () => {
    const axes = readVary('policy.timeout=50ms')
    expect(varied(SCENARIO, axes, variationsOf(axes)[0]).scenario.policy).toMatchObject({
      timeout: 50,
    })
  })

  for (const [text, why] of [
    ['arrivals.rat=1', 'arrivals.rat is not a key: did you mean rate?'],
    ['arrival.rate=1', 'there is no arrival (did you mean arrivals?)'],
    ['arrivals.rate.fast=1', 'arrivals.rate is 300, with nothing inside'],
    ['servers[2].speed=1', 'servers has servers[0] to [1]'],
    ['servers[0].speed=-1', 'servers[0].speed must be above 0, got -1'],
    ['polcy.timeout=1', 'polcy is not a key: did you mean policy?'],
  ])
    test(`says what is wrong with ${text}`, () => {
      const axes = readVary(text)
      expect(() => varied(SCENARIO, axes, variationsOf(axes)[0])).toThrow(why)
    })

  for (const [text, why] of [
    ['arrivals.rate', 'like arrivals.rate=100,200,300'],
    ['arrivals.rate=', 'needs a value'],
    ['arrivals.rate=5,5', 'is 5 twice'],
    ['arrivals..rate=5', 'no place in a scenario'],
    ['arrivals.rate=5..1/1', 'from, to, and by how much'],
    ['arrivals.rate=1..2/0', 'from, to, and by how much'],
    ['seed=1,2', '--seeds 1..50'],
    ['strategy=random', '--strategy'],
  ])
    test(`is not ${text}`, () => expect(() => readVary(text)).toThrow(why))
})

describe('the encoding of results', () => {
  test('gives every number back to the last bit, those too that JSON has not', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.double(), (list, one) => {
        const zeroed = list.map((each) => (Object.is(each, -0) ? 0 : each))
        const again = decode(encode({ list: Float64Array.from(zeroed), one: one + 0 }))
        expect(again).toEqual({ list: zeroed, one: Object.is(one, -0) ? 0 : one })
      }),
    )
  })
})

/** Figures of p99, the same in both runs of each: whoever has more is surely worse. */
function curve(points: readonly (readonly [number, number, number])[]): Curve {
  const standing = (label: string, mean: number): Standing =>
    ({ label, steadiness: 'steady', figures: { p99: { mean } } }) as unknown as Standing
  return {
    scenario: 'Calm',
    axis: 'arrivals.rate',
    judge: 'p99',
    fixed: { proxies: 3 },
    numeric: true,
    points: points.map(([value, a, b]) => ({
      value,
      standings: [standing('random', a), standing('maglev', b)],
      leaders: a === b ? ['random', 'maglev'] : [a < b ? 'random' : 'maglev'],
    })),
  }
}

describe('a curve', () => {
  test('says where another strategy is best', () => {
    expect(
      turnsOf(
        curve([
          [100, 1, 2],
          [200, 2, 3],
          [300, 4, 3],
        ]),
      ),
    ).toBe('By p99, up to 200/s random is best; from 300/s on maglev is better.')
    expect(
      turnsOf(
        curve([
          [100, 1, 2],
          [200, 2, 2],
          [300, 4, 3],
        ]),
      ),
    ).toBe(
      'By p99, at 100/s random is best; at 200/s random and maglev cannot be told apart; from 300/s on maglev is better.',
    )
    expect(
      turnsOf(
        curve([
          [100, 1, 2],
          [200, 1, 2],
        ]),
      ),
    ).toBe('By p99, random is best all the way from 100/s to 200/s.')
    expect(
      turnsOf({
        ...curve([
          [100, 1, 2],
          [200, 3, 2],
        ]),
        numeric: false,
      }),
    ).toBe('By p99, with 100 random is best; with 200 maglev is best.')
  })

  test('says when there is nobody to be best', () => {
    const { points, ...rest } = curve([
      [100, 1, 2],
      [200, 3, 2],
    ])
    const [first, last] = points
    expect(turnsOf({ ...rest, points: [first, { ...last, leaders: [] }] })).toBe(
      'By p99, at 100/s random is best; from 200/s on nobody settles.',
    )
  })

  test('has a title with what stays as it is', () => {
    expect(titleOf(curve([]))).toBe('p99 over arrivals.rate, with proxies=3')
  })

  test('is drawn with a letter a strategy', () => {
    const drawn = drawCurves(
      curve([
        [100, 10, 30],
        [200, 20, 20],
        [300, 30, 10],
      ]),
      40,
      plain,
    )
    expect(drawn).toEqual([
      ' 30 │b·                               ·a',
      '    │  ····                       ····',
      '    │      ···                 ···',
      '    │         ···           ···',
      '    │            ····   ····',
      '    │                ·*·',
      '    │            ····   ····',
      '    │         ···           ···',
      '    │      ···                 ···',
      '    │  ····                       ····',
      ' 10 │a·                               ·b',
      '    └───────────────────────────────────',
      '     100                             300',
      '     a random   b maglev',
    ])
  })

  test('is not drawn where nothing changes, or nothing is known', () => {
    expect(
      drawCurves(
        curve([
          [100, 1, 1],
          [200, 1, 1],
        ]),
        60,
        plain,
      ),
    ).toEqual([])
    expect(drawCurves(curve([[100, 1, 2]]), 60, plain)).toEqual([])
  })
})

describe('the address of Redis', () => {
  test('is shown without user and password', () => {
    expect(addressOf('rediss://me:geheim@there.example:7000/2', {})).toEqual({
      url: 'rediss://me:geheim@there.example:7000/2',
      shown: 'rediss://there.example:7000/2',
    })
    expect(addressOf('unix:///run/redis.sock', {}).url).toBe('/run/redis.sock')
  })

  test('comes from the environment, else it is this machine', () => {
    expect(addressOf(true, { REDIS_URL: 'redis://:geheim@there' }).shown).toBe('redis://there')
    expect(addressOf(true, {}).url).toBe('redis://127.0.0.1:6379')
  })

  for (const text of [
    'http://me:geheim@there',
    'me:geheim@there:6379',
    'redis://',
    'redis://:geheim@there/x',
  ])
    test(`is not ${text}, and the refusal has no password in it`, () => {
      expect(() => addressOf(text, {})).toThrow(/--redis/)
      expect(() => addressOf(text, {})).not.toThrow(/geheim/)
    })
})

test('a job that somebody else put into Redis is no run', () => {
  const order = { sweep: '3f2a91c0d4e5', cell: 0, contender: 1, seed: 4_294_967_295, warmup: 0.5 }
  expect(isOrder(order)).toBe(true)
  const wrong = [
    { sweep: {} },
    { cell: '__proto__' },
    { contender: -1 },
    { seed: 0.5 },
    { warmup: null },
  ]
  for (const change of wrong) expect(isOrder({ ...order, ...change })).toBe(false)
  expect(isOrder(null)).toBe(false)
})
