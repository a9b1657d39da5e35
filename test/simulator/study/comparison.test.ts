import { describe, expect, test } from 'vitest'
import { compare } from '../../../simulator/study/comparison.ts'
import { verdictWords } from '../../../simulator/study/verdict-words.ts'
import { drifts, quietFrom, steadinessOf, warmUpOf } from '../../../simulator/study/steadiness.ts'
import { SLICES } from '../../../simulator/study/curve.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import { runOf } from './runs.ts'

const CONTENDERS = ['a', 'b'].map((label) => ({ label, spec: 'random' }))

const SCENARIO: Scenario = {
  name: 'test',
  seed: 1,
  duration: 1000,
  arrivals: { type: 'poisson', rate: 90 },
  work: { type: 'exponential', mean: 10 },
  servers: [{}],
  strategy: 'random',
}

describe('a comparison', () => {
  test('has of each figure the mean over the runs, and judges pairs', () => {
    const first = [runOf([10, 20]), runOf([20, 30]), runOf([30, 40])]
    const second = [runOf([5, 15]), runOf([15, 25]), runOf([25, 35])]
    const [a, b] = compare(CONTENDERS, [first, second], 'steady')
    expect(a.figures.mean!.mean).toBe(25)
    expect(a.verdicts).toEqual({})
    // Far less than the runs differ among each other: only pairs can show it.
    expect(b.figures.mean!.half).toBeGreaterThan(20)
    expect(b.verdicts.mean).toMatchObject({ word: 'better', relative: { mean: -0.2 } })
    expect(b.verdicts.fairness).toBeUndefined()
    expect(b.figures.leastShare!.mean).toBe(0.25)
    expect(b.figures.utilization!.mean).toBeCloseTo(0.6)
  })

  test('says by how many per cent with the interval of that share, not of the difference', () => {
    // Each run is faster by half, exactly: the difference is not known exactly, the share is.
    const [first, second] = [
      [10, 20, 30, 40],
      [5, 10, 15, 20],
    ].map((times) => times.map((time) => runOf([time])))
    const [a, b] = compare(CONTENDERS, [first, second], 'steady')
    expect(verdictWords(b, a)[0].text).toBe('better by 50.0 ±0 %')
  })

  test('calls more good requests better, and more errors worse', () => {
    const bad = { outcomes: { ok: 1, error: 1, timeout: 0, refused: 0, aborted: 0 } }
    const first = [runOf([10, 20]), runOf([10, 20])]
    const second = [runOf([10, 20], bad), runOf([10, 20], bad)]
    const [, b] = compare(CONTENDERS, [first, second], 'steady')
    expect([b.verdicts.errors?.word, b.verdicts.goodput?.word]).toEqual(['worse', 'worse'])
    expect(b.figures.errors!.mean).toBe(0.5)
    expect(b.failures).toEqual({ error: 0.5, timeout: 0, refused: 0, aborted: 0 })
  })

  test('tells no mean and no percentile where there is no level, but the rest', () => {
    const [a] = compare(CONTENDERS.slice(0, 1), [[runOf([10]), runOf([20])]], 'overloaded')
    expect([a.figures.mean, a.figures.p50, a.figures.p999]).toEqual([null, null, null])
    // Of those that came it counts who ended well, if need be long after the last came.
    expect(a.figures.goodput).toBeNull()
    expect(a.figures.errors).not.toBeNull()
  })

  test('sees one strategy drift beside another that does not', () => {
    const growing = [runOf([10], {}, (slice) => slice), runOf([10], {}, (slice) => slice)]
    const [a, b] = compare(CONTENDERS, [[runOf([10]), runOf([11])], growing], 'steady')
    expect([a.steadiness, b.steadiness]).toEqual(['steady', 'drifting'])
    expect([b.figures.mean, b.verdicts.mean]).toEqual([null, undefined])
  })

  test('has no figure where a run had nothing that went well', () => {
    const nothing = runOf([])
    const [a] = compare(CONTENDERS.slice(0, 1), [[runOf([10]), nothing]], 'steady')
    expect([a.figures.mean, a.figures.errors]).toEqual([null, null])
  })
})

describe('steadiness', () => {
  test('is of the scenario, before anything is run', () => {
    expect(steadinessOf(SCENARIO)).toBe('steady')
    expect(steadinessOf({ ...SCENARIO, arrivals: { type: 'poisson', rate: 100 } })).toBe(
      'overloaded',
    )
    const pause = { at: 10, server: '*', pause: 5 }
    expect(steadinessOf({ ...SCENARIO, events: [pause] })).toBe('varying')
    expect(steadinessOf({ ...SCENARIO, events: [{ ...pause, every: 100 }] })).toBe('steady')
    expect(steadinessOf({ ...SCENARIO, arrivals: { type: 'trace', times: [1, 2] } })).toBe(
      'varying',
    )
  })

  test('goes by the load that events leave behind', () => {
    const slow = { at: 500, server: '*', set: { speed: 0.5 } }
    const { arrivals } = SCENARIO
    const calm = { ...SCENARIO, arrivals: { ...arrivals, rate: 60 } } as Scenario
    expect(steadinessOf({ ...calm, events: [slow] })).toBe('overloaded')
    const back = { at: 600, server: '*', set: { speed: 1 } }
    expect(steadinessOf({ ...calm, events: [slow, back] })).toBe('varying')
  })

  test('of what comes after the last event sees whether it goes on rising', () => {
    const pause = { at: 100, server: '*', pause: 100 }
    expect(quietFrom({ ...SCENARIO, events: [pause] })).toBe(200)
    expect(quietFrom({ ...SCENARIO, warmup: 100, events: [{ ...pause, at: 500 }] })).toBeUndefined()
    expect(quietFrom({ ...SCENARIO, events: [{ ...pause, every: 300 }] })).toBeUndefined()
    const after = (end: number) => (slice: number) =>
      slice < 80 ? 10 : 10 + ((slice - 80) * end) / 320
    const [a, b, c] = compare(
      [...CONTENDERS, { label: 'c', spec: 'random' }],
      [
        [runOf([1], {}, after(0))],
        [runOf([1], {}, after(200))],
        [runOf([1], {}, (at) => 500 - at)],
      ],
      'varying',
      0.2,
    )
    // To find back slowly is no overload.
    expect([a, b, c].map((each) => each.steadiness)).toEqual(['varying', 'drifting', 'varying'])
  })

  test('does not call drifting what goes up a little, however smoothly', () => {
    expect(drifts([runOf([1], {}, (slice) => 100 + slice / SLICES)])).toBe(false)
    expect(drifts([runOf([1], {}, (slice) => 100 + (200 * slice) / SLICES)])).toBe(true)
  })

  test('finds the end of a warm-up, and none where it has no end', () => {
    const rises = runOf([1], {}, (slice) => (slice < 40 ? slice : 40 + (slice % 2)))
    expect(warmUpOf(rises, 8000)).toBeGreaterThanOrEqual(700)
    expect(warmUpOf(rises, 8000)).toBeLessThanOrEqual(1000)
    expect(
      warmUpOf(
        runOf([1], {}, (slice) => slice),
        8000,
      ),
    ).toBe(0)
  })
})
