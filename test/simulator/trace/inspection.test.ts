import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import { ArrivalProfile } from '../../../simulator/trace/arrival-profile.ts'
import { Inspection, type InspectionFigures } from '../../../simulator/trace/inspection.ts'
import { TraceReader } from '../../../simulator/trace/reader.ts'
import { quantileOf, Sample, tailIndex } from '../../../simulator/trace/sample.ts'
import { TopCounter } from '../../../simulator/trace/top-counter.ts'
import { hasNasa, NASA } from '../../support/nasa.ts'

function inspect(text: string): InspectionFigures {
  const inspection = new Inspection()
  const reader = new TraceReader({}, (entry) => inspection.add(entry))
  reader.chunk(text)
  reader.end()
  return inspection.figures(reader)
}

describe.skipIf(!hasNasa)('the real NASA trace', () => {
  test('gives every known answer', () => {
    const figures = inspect(readFileSync(NASA, 'latin1'))
    const { arrivals, bytes, keys } = figures
    expect(figures).toMatchObject({
      requests: 30_969,
      span: 46_321_000,
      backwardSteps: 0,
      ties: 12_667,
      grain: 1000,
      bad: 0,
      work: undefined,
    })
    expect(figures.rate).toBeCloseTo(0.669, 3)
    expect(arrivals.gapCv).toBeCloseTo(2.39, 2)
    expect(arrivals.dispersion).toBeCloseTo(1.74, 2)
    expect(arrivals.dispersionOfMinutes).toBeCloseTo(17.1, 1)
    expect(arrivals.busiest.count).toBe(17)
    expect(bytes).toMatchObject({ median: 2322, p99: 233_842, max: 1_269_716, sampled: false })
    expect(bytes!.cv).toBeCloseTo(3.82, 2)
    expect(keys).toMatchObject({ distinct: 2365, lost: 0, hundredth: { keys: 24 } })
    expect(keys!.hundredth.share).toBeCloseTo(0.111, 3)
    expect(keys!.top[0]).toMatchObject({ key: 'edams.ksc.nasa.gov', count: 364 })
    expect(figures.statuses.map(({ key, count }) => [key, count])).toEqual([
      ['200', 27_972],
      ['304', 2421],
      ['302', 355],
      ['404', 221],
    ])
    expect(figures.methods.map(({ key, count }) => [key, count])).toEqual([
      ['GET', 30_873],
      ['HEAD', 95],
      ['POST', 1],
    ])
    expect(figures.warnings[0]).toMatch(/^the clock "time" has whole seconds/)
  })
})

describe('arrivals', () => {
  function profile(times: readonly number[]): ReturnType<ArrivalProfile['figures']> {
    const arrivals = new ArrivalProfile()
    for (const time of times) arrivals.add(time)
    return arrivals.figures()
  }

  test('in step have neither gaps that vary nor counts that do', () => {
    const figures = profile(Array.from({ length: 6001 }, (_, i) => i * 100))
    expect(figures.gapCv).toBeCloseTo(0, 9)
    expect([figures.dispersion, figures.dispersionOfMinutes]).toEqual([0, 0])
    expect(figures.busiest).toEqual({ at: 0, count: 10 })
  })

  test('of a Poisson process have 1 everywhere', () => {
    // 600,000 gaps, 60,000 seconds, 1,000 minutes: five standard errors are 0.006, 0.03 and 0.22, an alarm in 600,000 seeds each.
    const rng = new Rng(1)
    let t = 0
    const times = Array.from({ length: 600_000 }, () => (t -= 100 * Math.log(1 - rng.float())))
    const figures = profile(times)
    expect(Math.abs(figures.gapCv - 1)).toBeLessThan(0.007)
    expect(Math.abs(figures.dispersion - 1)).toBeLessThan(0.03)
    expect(Math.abs(figures.dispersionOfMinutes - 1)).toBeLessThan(0.23)
  })

  test('out of order by less than the room for it give the figures of the times in order', () => {
    const rng = new Rng(2)
    const times = Array.from({ length: 300_000 }, () => rng.float() * 1e6).sort((a, b) => a - b)
    const shuffled = times.map((time, i) => [i + rng.int(30_000), time] as const)
    shuffled.sort((a, b) => a[0] - b[0])
    const figures = profile(shuffled.map(([, time]) => time))
    expect(figures.displaced).toBe(0)
    expect(figures).toEqual(profile(times))
  })

  test('that are out of order by more are counted, and worth a warning', () => {
    const lines = Array.from({ length: 150_000 }, (_, i) => `${i < 140_000 ? i + 5.5 : i / 1e4}`)
    const figures = inspect(`t\n${lines.join('\n')}`)
    expect(figures.arrivals.displaced).toBe(10_000)
    expect(figures.warnings[1]).toMatch(/^10000 requests are so far behind later ones/)
  })

  test('in two bins and by hand', () => {
    // Seconds with 2, 0 and 4, then one that the trace ends in: mean 2, variance 8/3.
    const figures = profile([0, 10, 2000, 2001, 2002, 2003, 3000])
    expect(figures.dispersion).toBeCloseTo(8 / 3 / 2, 12)
    expect(figures.dispersionOfMinutes).toBeNaN()
    expect(figures.busiest).toEqual({ at: 2000, count: 4 })
  })
})

describe('clocks', () => {
  test('that never change are called by their name', () => {
    expect(inspect('when,timestamp\n1,7\n2,7\n').warnings).toEqual([
      'the clock "timestamp" never changes: every request has the same time',
    ])
  })

  test.each([
    ['t\n0\n1\n5\n', 1000, 'has whole seconds'],
    ['t\n0.5\n1.5\n5.5\n', 1000, 'goes in steps of 1 s'],
    ['t\n0\n60\n180\n', 60_000, 'goes in steps of 60 s'],
    ['t\n0\n1.01\n5\n', 10, undefined],
    ['t\n0\n1.000001\n5\n', 0.001, undefined],
  ])('%j resolve %d ms', (text, grain, warning) => {
    const figures = inspect(text)
    expect(figures.grain).toBe(grain)
    expect(figures.warnings.join()).toMatch(new RegExp(warning ?? '^$'))
  })

  test('times that are none, below 0, or step back are counted and told', () => {
    const figures = inspect('t\n5\nNaN\n-3\n4\n6.5\nx\n')
    expect(figures).toMatchObject({ requests: 3, bad: 3, badTimes: 3, backwardSteps: 1 })
    expect(figures.warnings).toEqual([
      '3 times are no number or below 0',
      '1 step backward in time; figures of arrivals are of the times in order',
    ])
  })
})

test('a file that runs backward has the span and the rate of its times in order', () => {
  const figures = inspect('t\n7\n5\n4.5\n3\n')
  expect(figures).toMatchObject({ start: 3, span: 4000, rate: 1, backwardSteps: 3 })
})

describe('the tail index', () => {
  test.each([0.8, 1.5, 3])('of a Pareto law is its shape: %d', (shape) => {
    const rng = new Rng(3)
    const values = Float64Array.from({ length: 100_000 }, () => (1 - rng.float()) ** (-1 / shape))
    const tail = tailIndex(values.sort())!
    expect(tail.from).toBe(5000)
    // Five standard errors: an alarm in almost two million seeds.
    expect(Math.abs(tail.index - shape)).toBeLessThan(5 * tail.standardError)
  })

  test('by hand: the largest ten of two hundred over the one below them', () => {
    const values = Float64Array.from({ length: 200 }, (_, i) => (i < 190 ? 2 : 8))
    // Each is four times the threshold.
    expect(tailIndex(values)!.index).toBeCloseTo(1 / Math.log(4), 12)
  })

  test('of too few values, of zeros and of ties is none', () => {
    expect(tailIndex(new Float64Array(199).fill(1))).toBeUndefined()
    expect(tailIndex(new Float64Array(1000))).toBeUndefined()
    expect(tailIndex(new Float64Array(1000).fill(7))).toBeUndefined()
  })

  test('below 2 is worth a warning', () => {
    const rng = new Rng(3)
    const lines = Array.from({ length: 1000 }, (_, i) => `${i}.5,${(1 - rng.float()) ** -1}`)
    expect(inspect(`t,service_ms\n0.25,1\n${lines.join('\n')}`).warnings.join()).toMatch(
      /^work has so heavy a tail \(index (0|1)\.\d\d\)/,
    )
  })
})

describe('a sample', () => {
  test('is everything up to its limit, and each value as likely as any other beyond', () => {
    const sample = new Sample(2000)
    for (let i = 0; i < 2000; i++) sample.add(1999 - i)
    expect([...sample.sorted()]).toEqual(Array.from({ length: 2000 }, (_, i) => i))
    expect(sample.whole).toBe(true)
    for (let i = 2000; i < 20_000; i++) sample.add(i)
    const sorted = sample.sorted()
    expect([sorted.length, sample.whole, sample.min, sample.max]).toEqual([2000, false, 0, 19_999])
    expect(new Set(sorted).size).toBe(2000)
    // The median's rank strays by sqrt(2000) / 2 of 2000, so by 224 of 20,000; five times that.
    expect(Math.abs(quantileOf(sorted, 0.5) - 10_000)).toBeLessThan(1120)
  })
})

describe('a counter', () => {
  test('is exact below its limit', () => {
    const counter = new TopCounter(10)
    for (const key of 'abracadabra') counter.add(key)
    expect(counter.top(2)).toEqual([
      { key: 'a', count: 5, share: 5 / 11 },
      { key: 'b', count: 2, share: 2 / 11 },
    ])
    expect(counter.shareOfTop(2)).toBe(7 / 11)
    expect([counter.distinct, counter.lost]).toEqual([5, 0])
  })

  test('keeps the frequent ones beyond it, too low by no more than it says', () => {
    const counter = new TopCounter(100)
    const rng = new Rng(4)
    let often = 0
    for (let i = 0; i < 20_000; i++) {
      const key = rng.int(4) === 0 ? 'often' : `rare${i}`
      if (key === 'often') often++
      counter.add(key)
    }
    const [top] = counter.top(1)
    expect(top.key).toBe('often')
    expect(counter.lost).toBeGreaterThan(0)
    expect(top.count).toBeGreaterThanOrEqual(often - counter.lost)
    expect(top.count).toBeLessThanOrEqual(often)
  })
})
