import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hash32 } from '../../../proxy/core/hash.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { TraceCollector } from '../../../simulator/trace/collector.ts'
import { Cut, type CutOptions } from '../../../simulator/trace/cut.ts'
import { readTrace } from '../../../simulator/trace/reader.ts'
import { Reorder } from '../../../simulator/trace/reorder.ts'
import { Spread } from '../../../simulator/trace/spread.ts'
import type { TraceEntry } from '../../../simulator/trace/trace.ts'
import { headOf, lineOf, WRITTEN_FORMATS } from '../../../simulator/trace/write.ts'

const byte = fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f)
const text = fc.array(byte).map((codes) => String.fromCharCode(...codes))
const entry = fc.record({
  gap: fc.nat(3_600_000_000),
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'M-SEARCH'),
  path: text.map((rest) => `/${rest.replaceAll(' ', '')}`),
  key: text,
  bytes: fc.option(fc.nat(), { nil: undefined }),
  status: fc.option(fc.integer({ min: 100, max: 999 }), { nil: undefined }),
  work: fc.option(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), { nil: undefined }),
})

/** Entries whose gaps are whole microseconds, the first at 0. */
const entries = fc.array(entry, { minLength: 1 }).map((all) => {
  let micro = 0
  return all.map(({ gap, ...rest }, i): TraceEntry => {
    if (i > 0) micro += gap
    return { t: micro / 1e3, ...rest }
  })
})

function at(t: number, path = '/'): TraceEntry {
  return { t, method: 'GET', path, key: '' }
}

describe('the canonical form', () => {
  test.each(WRITTEN_FORMATS)('as %s gives back what was written', (format) => {
    fc.assert(
      fc.property(entries, (all) => {
        const lines = all.map((each) => lineOf(each, format))
        const read = readTrace(headOf(format) + lines.join(''), { format })
        expect(read.report.bad).toBe(0)
        expect(read.entries).toEqual(all)
      }),
    )
  })

  test('a key with a line break, which only JSON can have, is one line of CSV', () => {
    expect(lineOf({ ...at(0), key: 'a\r\n"b' }, 'csv')).toBe('0,GET,/,"a%0D%0A""b",,,\n')
  })

  test('is written as people read it', () => {
    const full = { ...at(1500.25, '/a,b'), key: 'k', bytes: 5, work: 1.5, status: 200 }
    expect(lineOf(full, 'csv')).toBe('1.50025,GET,"/a,b",k,5,1.5,200\n')
    expect(lineOf(full, 'ndjson')).toBe(
      '{"t":1.50025,"method":"GET","path":"/a,b","key":"k","bytes":5,"service_ms":1.5,"status":200}\n',
    )
    expect(lineOf(at(0), 'ndjson')).toBe('{"t":0,"method":"GET","path":"/"}\n')
  })
})

describe('putting in order', () => {
  function order(times: readonly number[], room: number): { out: TraceEntry[]; by: Reorder } {
    const out: TraceEntry[] = []
    const by = new Reorder((entry) => out.push(entry), room)
    times.forEach((t, i) => by.add(at(t, `/${i}`)))
    by.end()
    return { out, by }
  }

  test('sorts what fits, and keeps the order of equal times', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 50 }), (times) => {
        const { out, by } = order(times, 50)
        const sorted = times.map((t, i) => [t, i] as const).sort(([a, i], [b, j]) => a - b || i - j)
        expect(out.map(({ t, path }) => [t, path])).toEqual(sorted.map(([t, i]) => [t, `/${i}`]))
        expect(by.late).toBe(0)
      }),
    )
  })

  test('never steps back, and loses nothing, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100)), fc.integer({ min: 1, max: 5 }), (times, room) => {
        const { out } = order(times, room)
        expect(out).toHaveLength(times.length)
        for (let i = 1; i < out.length; i++) expect(out[i].t).toBeGreaterThanOrEqual(out[i - 1].t)
      }),
    )
  })
})

describe('cutting', () => {
  function cut(times: readonly number[], options: Partial<CutOptions>): number[] {
    const out: number[] = []
    const all = { from: 0, to: Infinity, limit: Infinity, speed: 1, ...options }
    const by = new Cut(all, ({ t }) => out.push(t))
    for (const t of times) by.add(at(t))
    return out
  }

  test('the speed divides every time, and so every gap, exactly; ties stay ties', () => {
    const whole = fc.array(fc.nat(2 ** 40), { minLength: 1 })
    fc.assert(
      fc.property(whole, fc.integer({ min: 1, max: 1000 }), (gaps, speed) => {
        let t = 0
        const slow = gaps.map((gap) => (t += gap))
        const fast = cut(
          slow.map((time) => time * speed),
          { speed },
        )
        expect(fast).toEqual(slow.map((time) => time - slow[0]))
      }),
    )
  })

  test('the window holds its beginning and not its end, and begins at 0', () => {
    expect(cut([5, 10, 15, 15, 20, 25], { from: 5, to: 15 })).toEqual([0, 5, 5])
    expect(cut([5, 10, 15, 20], { from: 5, limit: 2 })).toEqual([0, 5])
  })
})

describe('spreading', () => {
  function spread(times: readonly number[], seed = 1): number[] {
    const out: TraceEntry[] = []
    const by = new Spread(new Rng(seed), (entry) => out.push(entry))
    times.forEach((t, i) => by.add(at(t, `/${i}`)))
    by.end()
    expect(out.map(({ path }) => path)).toEqual(times.map((_, i) => `/${i}`))
    return out.map(({ t }) => t)
  }

  test('leaves every request in its second, in its place, and repeats by its seed', () => {
    const seconds = fc.array(fc.nat(20).map((second) => second * 1000))
    fc.assert(
      fc.property(seconds, fc.nat(), (times, seed) => {
        const sorted = times.toSorted((a, b) => a - b)
        const places = spread(sorted, seed)
        expect(places.map((t) => Math.floor(t / 1000) * 1000)).toEqual(sorted)
        expect(places).toEqual(places.toSorted((a, b) => a - b))
        expect(spread(sorted, seed)).toEqual(places)
      }),
    )
  })

  test('is even: a quarter of the requests are in each quarter of a second', () => {
    const places = spread(Array.from({ length: 40_000 }, (_, i) => Math.floor(i / 4) * 1000))
    const quarters = [0, 0, 0, 0]
    for (const t of places) quarters[Math.floor((t % 1000) / 250)]++
    // The standard deviation is 87; five times that.
    for (const quarter of quarters) expect(Math.abs(quarter - 10_000)).toBeLessThan(435)
    expect(spread([0, 1000], 2)).not.toEqual(spread([0, 1000], 3))
  })

  test('refuses a clock that is finer, for that would make up what is known', () => {
    expect(() => spread([0, 1000, 1250])).toThrow('one request came at 1.25 s')
  })
})

describe('a collected trace', () => {
  test('holds times, hashes of keys and work, and nothing of what no request has', () => {
    const collector = new TraceCollector()
    collector.add({ ...at(0), key: 'a', work: 5 })
    collector.add({ ...at(10), key: 'b' })
    const { count, keys, times, work } = collector.finish()
    expect([count, [...times], [...work!]]).toEqual([2, [0, 10], [5, NaN]])
    expect([...keys!]).toEqual([hash32('a') | 0, hash32('b') | 0])
    const bare = new TraceCollector()
    bare.add(at(0))
    expect(bare.finish()).toMatchObject({ keys: undefined, work: undefined, reordered: 0 })
    expect(new TraceCollector().finish().count).toBe(0)
  })

  test('is in order of time from 0 on, ties as they were, however it came', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 }), (all) => {
        const collector = new TraceCollector()
        all.forEach((t, i) => collector.add({ ...at(t), work: i }))
        const sorted = all.map((t, i) => [t, i] as const).sort(([a, i], [b, j]) => a - b || i - j)
        const { times, work } = collector.finish()
        expect([...times]).toEqual(sorted.map(([t]) => t - sorted[0][0]))
        expect([...work!]).toEqual(sorted.map(([, i]) => i))
      }),
    )
  })

  test('grows as far as it must', () => {
    const collector = new TraceCollector()
    for (let i = 0; i < 5000; i++) collector.add({ ...at(i), work: i })
    const { times, work } = collector.finish()
    expect([times.length, times[4999], work![4999]]).toEqual([5000, 4999, 4999])
  })
})
