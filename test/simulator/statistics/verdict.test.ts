import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import { halfWidth, interval } from '../../../simulator/statistics/interval.ts'
import { normalQuantile } from '../../../simulator/statistics/normal.ts'
import {
  FEWEST,
  moreForPrecision,
  moreForVerdict,
} from '../../../simulator/statistics/precision.ts'
import { verdict, verdictText } from '../../../simulator/statistics/verdict.ts'

const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 12 })
const OPPOSITE = {
  better: 'worse',
  worse: 'better',
  'cannot tell yet': 'cannot tell yet',
  'no difference': 'no difference',
}

describe('verdict', () => {
  test('less is better, unless more is', () => {
    const [slow, fast] = [
      [10, 11, 12, 13],
      [8, 9, 10.5, 11],
    ]
    expect(verdict(slow, fast)).toMatchObject({ word: 'better', more: 0 })
    expect(verdict(fast, slow).word).toBe('worse')
    expect(verdict(slow, fast, { lower: false }).word).toBe('worse')
    expect(verdict(slow, fast).relative!.mean).toBeCloseTo(-7.5 / 46, 12)
  })

  test('says so only if the interval of the difference leaves out 0', () => {
    fc.assert(
      fc.property(values, values, (one, two) => {
        const length = Math.min(one.length, two.length)
        const { word, difference } = verdict(one.slice(0, length), two.slice(0, length))
        const leavesOut = difference.low > 0 || difference.high < 0
        expect(word === 'better' || word === 'worse').toBe(leavesOut)
      }),
    )
  })

  test('turns around when the two are exchanged, or when more is better', () => {
    fc.assert(
      fc.property(values, values, (one, two) => {
        const length = Math.min(one.length, two.length)
        const [a, b] = [one.slice(0, length), two.slice(0, length)]
        const there = verdict(a, b)
        const back = verdict(b, a)
        expect(back.word).toBe(OPPOSITE[there.word])
        expect(back.more).toBe(there.more)
        expect(back.difference.mean).toBeCloseTo(-there.difference.mean, 12)
        expect(verdict(a, b, { lower: false }).word).toBe(OPPOSITE[there.word])
      }),
    )
  })

  test('says how many more it needs', () => {
    const baseline = [10, 12, 9, 14, 11, 10]
    const other = [9.5, 12.5, 9, 13, 11, 9.8]
    const found = verdict(baseline, other)
    expect(found.word).toBe('cannot tell yet')
    expect(found.more).toBeGreaterThan(0)
    expect(verdictText({ ...found, more: 40 })).toBe('cannot tell yet, needs about 40 more')
    expect(verdictText({ ...found, more: 1234 })).toBe('cannot tell yet, needs about 1300 more')
    expect(verdictText(verdict(baseline, baseline))).toBe('no difference')
    expect(verdict(baseline, baseline).more).toBe(0)
    expect(verdictText(verdict([1, 2], [2, 1]))).toBe('cannot tell yet, no difference seen')
    expect(verdictText(verdict([1], [1]))).toBe('cannot tell yet, needs about 4 more')
    expect(verdictText(verdict([1], [2]))).toBe('cannot tell yet, needs about 4 more')
    expect(verdictText(verdict([1, 2, 3], [2, 3, 4]))).toBe('worse')
  })

  // Of 4,000 pairs of sets that do not differ 5 % are called different: standard deviation 0.34 points, five of them.
  test('calls what is the same better or worse in one case of twenty', () => {
    const rng = new Rng(2)
    const draw = (): number[] => Array.from({ length: 8 }, () => normalQuantile(rng.float() || 0.5))
    let wrong = 0
    for (let i = 0; i < 4000; i++) if (verdict(draw(), draw()).more === 0) wrong++
    expect(Math.abs(wrong / 4000 - 0.05)).toBeLessThan(5 * 0.0034)
  })

  // 2,000 times the count that it asks for: 4 in 5 tell, standard deviation 0.9 points, five of them.
  test('asks for as many as tell the difference four times in five', () => {
    const seen = { ...interval([-1, 1]), count: 10, mean: 0.5, deviation: 1 }
    const n = 10 + moreForVerdict(seen)
    expect(n).toBe(34)
    const rng = new Rng(3)
    let told = 0
    for (let i = 0; i < 2000; i++) {
      const set = Array.from({ length: n }, () => 0.5 + normalQuantile(rng.float() || 0.5))
      if (
        verdict(
          Array.from({ length: n }, () => 0),
          set,
        ).word === 'worse'
      )
        told++
    }
    expect(Math.abs(told / 2000 - 0.81)).toBeLessThan(5 * 0.009)
  })
})

describe('moreForPrecision', () => {
  const positive = fc.array(fc.double({ min: 1, max: 3, noNaN: true }), { minLength: 2 })

  test('asks for the fewest with which the interval is narrow enough', () => {
    fc.assert(
      fc.property(positive, fc.double({ min: 0.001, max: 0.5, noNaN: true }), (set, relative) => {
        const seen = interval(set)
        const more = moreForPrecision(seen, relative)
        const target = relative * seen.mean
        const n = seen.count + more
        expect(n).toBeGreaterThanOrEqual(FEWEST)
        expect(halfWidth(seen.deviation, n)).toBeLessThanOrEqual(target)
        if (more > 0 && n > FEWEST) {
          expect(halfWidth(seen.deviation, n - 1)).toBeGreaterThan(target)
        }
      }),
    )
  })

  test('of nothing known asks for a few, of a mean of 0 for no number at all', () => {
    expect(moreForPrecision(interval([7]), 0.01)).toBe(FEWEST - 1)
    expect(moreForPrecision(interval([1, -1]), 0.01)).toBe(Infinity)
    expect(moreForPrecision(interval([2, 2, 2, 2, 2, 2]), 0.01)).toBe(0)
    expect(() => moreForPrecision(interval([1, 2]), 0)).toThrow('relative must be above 0, got 0')
  })
})
