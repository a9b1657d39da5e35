import fc from 'fast-check'
import { build } from 'hdr-histogram-js'
import { describe, expect, test } from 'vitest'
import { bucketOf, BUCKETS, Histogram, midpointOf } from '../../../proxy/core/histogram.ts'
import { Rng } from '../../../proxy/core/rng.ts'

const LOWEST = 2 ** -10
const HIGHEST = 2 ** 24
/** A bucket's midpoint is at most 1/128 of a value away from it, relative to that value: the promise is 1 %. */
const ERROR = 1 / 128

/** Evenly spread over the logarithm, so that every octave is tried. */
const durations = fc
  .double({ min: -10, max: 24, maxExcluded: true, noNaN: true })
  .map((exponent) => 2 ** exponent)
const samples = fc.array(durations, { minLength: 1, maxLength: 300 })

function of(values: readonly number[]): Histogram {
  const histogram = new Histogram()
  for (const value of values) histogram.record(value)
  return histogram
}

function nearestRank(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent * values.length) / 100) - 1)]
}

/** Everything that can be read is the same; the sum but for rounding, as the order of adding differs. */
function expectSame(found: Histogram, expected: Histogram): void {
  const contents = (histogram: Histogram): unknown => {
    const { count, min, max } = histogram
    return { count, min, max, buckets: histogram.toSparse() }
  }
  expect(contents(found)).toEqual(contents(expected))
  expect(Math.abs(found.sum - expected.sum)).toBeLessThanOrEqual(expected.sum * 1e-12)
}

describe('a bucket', () => {
  test('has its midpoint within 1/128 of every value in it', () => {
    fc.assert(
      fc.property(durations, (value) => {
        const midpoint = midpointOf(bucketOf(value))
        expect(Math.abs(midpoint - value)).toBeLessThanOrEqual(value * ERROR)
      }),
    )
  })

  test('contains its own midpoint, and buckets follow each other without gaps', () => {
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      expect(bucketOf(midpointOf(bucket))).toBe(bucket)
      if (bucket > 0) expect(midpointOf(bucket)).toBeGreaterThan(midpointOf(bucket - 1))
    }
    expect(bucketOf(LOWEST)).toBe(0)
    expect(bucketOf(HIGHEST * (1 - 2 ** -53))).toBe(BUCKETS - 1)
  })

  test('is the first below the range and the last above it', () => {
    for (const value of [0, -0, -1, -Infinity, NaN, 1e-300, LOWEST / 2])
      expect(bucketOf(value)).toBe(0)
    for (const value of [HIGHEST, 1e300, Infinity]) expect(bucketOf(value)).toBe(BUCKETS - 1)
  })
})

describe('a quantile', () => {
  test('is within 1/128 of the exact one by nearest rank, over the whole range', () => {
    const percents = fc.constantFrom(0, 1, 10, 25, 50, 75, 90, 95, 99, 99.9, 100)
    fc.assert(
      fc.property(samples, percents, (values, percent) => {
        const exact = nearestRank(values, percent)
        const found = of(values).quantile(percent / 100)
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * ERROR)
      }),
    )
  })

  test('is by nearest rank: the median of four is the second, p99 of a hundred the 99th', () => {
    expect(of([1, 2, 4, 8]).quantile(0.5)).toBeCloseTo(2, 1)
    const hundred = of([...Array.from({ length: 99 }, () => 1), 1000])
    expect(hundred.quantile(0.99)).toBeCloseTo(1, 1)
    expect(hundred.quantile(0.991)).toBe(1000)
  })

  test('never leaves the range of what was recorded, and never falls as q rises', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const histogram = of(values)
        let before = histogram.min
        for (let percent = 0; percent <= 100; percent += 5) {
          const found = histogram.quantile(percent / 100)
          expect(found).toBeGreaterThanOrEqual(before)
          before = found
        }
        expect(before).toBe(histogram.max)
      }),
    )
  })

  test('agrees with hdr-histogram-js within the errors of both', () => {
    // Lognormal latencies around 20 ms, in whole microseconds, since HdrHistogram counts integers; three digits.
    const rng = new Rng(11)
    const ours = new Histogram()
    const theirs = build({ highestTrackableValue: 2 ** 33, numberOfSignificantValueDigits: 3 })
    for (let i = 0; i < 50_000; i++) {
      const normal = Math.sqrt(-2 * Math.log(1 - rng.float())) * Math.cos(2 * Math.PI * rng.float())
      const microseconds = Math.ceil(20_000 * Math.exp(1.5 * normal))
      ours.record(microseconds / 1000)
      theirs.recordValue(microseconds)
    }
    for (const percent of [1, 10, 50, 90, 95, 99, 99.9, 99.99]) {
      const expected = theirs.getValueAtPercentile(percent) / 1000
      const difference = Math.abs(ours.quantile(percent / 100) - expected)
      expect(difference).toBeLessThanOrEqual(expected * (ERROR + 0.001))
    }
    expect(ours.mean).toBeCloseTo(theirs.mean / 1000, 0)
  })
})

describe('totals', () => {
  test('count, sum, smallest and largest are exact', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const histogram = of(values)
        expect(histogram.count).toBe(values.length)
        expect(histogram.sum).toBe(values.reduce((sum, value) => sum + value, 0))
        expect(histogram.mean).toBe(histogram.sum / values.length)
        expect(histogram.min).toBe(Math.min(...values))
        expect(histogram.max).toBe(Math.max(...values))
      }),
    )
  })

  test('an empty histogram has no quantile and no mean', () => {
    const empty = new Histogram()
    expect(empty).toMatchObject({ count: 0, sum: 0, min: Infinity, max: 0 })
    expect([empty.mean, empty.quantile(0.5)]).toEqual([NaN, NaN])
    expect(empty.countUpTo(1)).toBe(0)
    expect(empty.toSparse()).toEqual([])
  })

  test('what is no duration counts as 0', () => {
    for (const odd of [0, -0, -5, -Infinity, NaN]) {
      const histogram = of([odd])
      expect(histogram).toMatchObject({ count: 1, sum: 0 })
      expect(histogram.min).toBeCloseTo(0, 12)
      expect(histogram.quantile(0.5)).toBeCloseTo(0, 12)
    }
  })

  test('what is too large is counted, and its size kept', () => {
    const histogram = of([1, 1e12])
    expect(histogram.quantile(1)).toBe(1e12)
    expect(histogram.countUpTo(HIGHEST / 2)).toBe(1)
    expect(of([1, Infinity]).max).toBe(Infinity)
  })
})

describe('adding up', () => {
  test('two histograms hold what one would that had recorded everything', () => {
    const parts = fc.array(durations, { maxLength: 100 })
    fc.assert(
      fc.property(parts, parts, (first, second) => {
        const sum = of(first)
        sum.add(of(second))
        expectSame(sum, of([...first, ...second]))
      }),
    )
  })

  test('clear leaves nothing behind', () => {
    fc.assert(
      fc.property(samples, samples, (before, after) => {
        const histogram = of(before)
        histogram.clear()
        expectSame(histogram, new Histogram())
        for (const value of after) histogram.record(value)
        expectSame(histogram, of(after))
      }),
    )
  })

  test('the sparse form with the totals is the whole histogram', () => {
    fc.assert(
      fc.property(samples, samples, (first, second) => {
        const copy = of(first)
        const other = of(second)
        copy.addSparse(other.toSparse(), other.sum, other.min, other.max)
        expectSame(copy, of([...first, ...second]))
      }),
    )
  })

  test('an empty sparse form adds nothing', () => {
    const histogram = of([5])
    histogram.addSparse([], 0, Infinity, 0)
    expectSame(histogram, of([5]))
  })
})

test('countUpTo counts exactly what lies below a bucket of the value, and no more than what lies in it', () => {
  fc.assert(
    fc.property(samples, durations, (values, value) => {
      const found = of(values).countUpTo(value)
      const surely = values.filter((each) => each <= value).length
      const possibly = values.filter((each) => bucketOf(each) <= bucketOf(value)).length
      expect(found).toBeGreaterThanOrEqual(surely)
      expect(found).toBeLessThanOrEqual(possibly)
    }),
  )
})
