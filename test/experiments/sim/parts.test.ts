import { InvalidArgumentError } from 'commander'
import { describe, expect, test } from 'vitest'
import { contendersOf } from '../../../experiments/sim/contenders.ts'
import { CurveRecorder, meanCurve, SLICES } from '../../../simulator/study/curve.ts'
import * as options from '../../../experiments/sim/options.ts'
import { lineOf } from '../../../experiments/sim/progress.ts'
import { pilotSeedOf, seedsOf } from '../../../simulator/study/seeds.ts'
import { splitList } from '../../../experiments/sim/strategy-list.ts'
import { WrongInput } from '../../../experiments/sim/wrong-input.ts'

describe('a list of strategies', () => {
  test('is split at commas, but not inside of braces', () => {
    const text = 'a, b{x: 1, y: [1, 2]},{name: c, z: 1},, d'
    expect(splitList(text)).toEqual(['a', 'b{x: 1, y: [1, 2]}', '{name: c, z: 1}', 'd'])
  })

  test('takes names, aliases, options in both ways, and specs, each once', () => {
    const given = ['p2c', 'power_of_two', 'power_of_two{choices: 3}', '{name: p2c, choices: 3}']
    expect(contendersOf([...given, { name: 'random' }])).toEqual([
      { label: 'power_of_two', spec: 'power_of_two' },
      { label: 'power_of_two{choices: 3}', spec: { name: 'power_of_two', choices: 3 } },
      { label: 'random', spec: 'random' },
    ])
  })

  test.each([
    [['rond_robin'], 'there is no strategy "rond_robin": did you mean round_robin?'],
    [['random{x: 1}'], 'random.x is not a key: there is name'],
    [['peak_ewma{decay: 0s}'], /^peak_ewma\.decay must be /],
    [[], 'at least one strategy must be named'],
    [['power_of_two{choices: 0}'], /^power_of_two\.choices must be /],
    [['./none.ts'], './none.ts cannot be read: no such file'],
    [['a{'], /^a strategy's options must be like \{choices: 3\}: /],
    [[3], 'a strategy must be a name, a file, or like {name: power_of_two, choices: 3}, got 3'],
  ])('says of %j what is wrong', (given, words) => {
    const act = (): unknown => contendersOf(given)
    expect(act).toThrow(WrongInput)
    expect(act).toThrow(words)
  })

  test('says all that is wrong at once, with its place if there is one', () => {
    expect(() => contendersOf(['x1', 'random', 'x2'])).toThrow(/"x1".*\n.*"x2"/)
    const place = (index: number): string => `(line ${index})`
    expect(() => contendersOf(['random', 'random{x: 1}'], { place })).toThrow(/name \(line 1\)$/)
  })

  test('takes times with units, and knows what an experiment brings along', () => {
    const mine = { label: 'mine', experiment: '/x/experiment.ts', from: 'x', place: 2, sha256: '' }
    const where = { own: new Map([['mine', mine]]) }
    expect(contendersOf(['peak_ewma{decay: 2s}', 'mine'], where)).toEqual([
      { label: 'peak_ewma{decay: 2s}', spec: { name: 'peak_ewma', decay: 2000 } },
      mine,
    ])
    expect(() => contendersOf(['mines'], where)).toThrow('did you mean mine?')
  })
})

describe('seeds', () => {
  test('begin with the own one, differ, and stay when there are more of them', () => {
    const seeds = seedsOf(7, 1000)
    expect(seeds[0]).toBe(7)
    expect(new Set(seeds).size).toBe(1000)
    expect(seedsOf(7, 10)).toEqual(seeds.slice(0, 10))
    expect(seeds).not.toContain(pilotSeedOf(7))
  })
})

describe('flags', () => {
  test('take times with and without a unit', () => {
    expect(['60', '60 s', '500ms', '.5', '2d'].map(options.readSeconds)).toEqual([
      60_000, 60_000, 500, 500, 172_800_000,
    ])
    expect(['auto', '0', '0s', '2'].map(options.readWarmup)).toEqual(['auto', 0, 0, 2000])
    for (const wrong of ['-1', 'x', '1w', '', '0', '99999d']) {
      expect(() => options.readSeconds(wrong), wrong).toThrow(InvalidArgumentError)
    }
  })

  test('take a precision as per cent or share', () => {
    expect(['1%', '0.01', '.5%'].map(options.readPrecision)).toEqual([0.01, 0.01, 0.005])
    for (const wrong of ['0', '100%', '2', '-1%']) {
      expect(() => options.readPrecision(wrong), wrong).toThrow(InvalidArgumentError)
    }
  })
})

describe('the line of progress', () => {
  test('says how far it is, how fast, and how long it will take', () => {
    expect(lineOf({ runs: 0, requests: 0 }, 30, 100)).toBe('0 of 30 runs')
    expect(lineOf({ runs: 12.4, requests: 5_000_000 }, 30, 2000)).toBe(
      '12 of 30 runs · 2.5 million requests/s · about 3 s left',
    )
    expect(lineOf({ runs: 1, requests: 90_000 }, 1001, 1000)).toBe(
      '1 of 1,001 runs · 90,000 requests/s · about 17 min left',
    )
  })
})

describe('the curve of response times', () => {
  test('goes by when requests came, and leaves failures out', () => {
    const recorder = new CurveRecorder(0, SLICES)
    recorder.clock.now = 10.5
    recorder.request(8, 1, 'ok')
    recorder.request(9, 1, 'error')
    expect(recorder.sums[2]).toBe(8)
    expect(recorder.counts.reduce((sum, count) => sum + count, 0)).toBe(1)
    expect(recorder.requests.snapshot(1).count).toBe(2)
  })

  test('has, of several runs, the mean of each slice, and fills gaps with what was before', () => {
    const empty = (): Float64Array => new Float64Array(SLICES)
    const [sums, counts] = [empty(), empty()]
    sums.set([30, 0, 8], 1)
    counts.set([3, 0, 1], 1)
    const curve = meanCurve([
      { sums, counts },
      { sums, counts },
    ])
    expect(Array.from(curve.subarray(0, 6))).toEqual([10, 10, 10, 8, 8, 8])
    expect(meanCurve([{ sums: empty(), counts: empty() }])).toHaveLength(0)
  })
})
