import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Histogram } from '../../../proxy/core/histogram.ts'
import { OUTCOMES, type Outcome } from '../../../proxy/core/recorder.ts'
import { summarize, Tally } from '../../../proxy/core/tally.ts'

type Event = [number, Outcome]

const events = fc.array(
  fc.tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constantFrom(...OUTCOMES)),
  { maxLength: 60 },
)

function of(events: readonly Event[]): Tally {
  const tally = new Tally()
  for (const [latency, outcome] of events) tally.record(latency, outcome)
  return tally
}

test('every outcome is counted once, and only good ones have a latency', () => {
  fc.assert(
    fc.property(events, (events) => {
      const snapshot = of(events).snapshot(1000)
      expect(snapshot.count).toBe(events.length)
      for (const outcome of OUTCOMES) {
        expect(snapshot.outcomes[outcome]).toBe(
          events.filter((event) => event[1] === outcome).length,
        )
      }
      const good = events.filter((event) => event[1] === 'ok').map((event) => event[0])
      expect(snapshot.latency?.count ?? 0).toBe(good.length)
      expect(snapshot.latency?.max ?? 0).toBe(Math.max(0, ...good))
    }),
  )
})

test('the error rate leaves out clients that left, and is null when nobody else was there', () => {
  expect(of([]).snapshot(1000).errorRate).toBeNull()
  expect(of([[1, 'aborted']]).snapshot(1000).errorRate).toBeNull()
  expect(of([[1, 'ok']]).snapshot(1000).errorRate).toBe(0)
  const mixed = of([
    ...Array.from({ length: 9 }, (): Event => [1, 'ok']),
    [1, 'timeout'],
    [1, 'aborted'],
  ])
  expect(mixed.snapshot(1000).errorRate).toBe(0.1)
})

test('the rate is a second’s, whatever the span', () => {
  const tally = of([
    [1, 'ok'],
    [2, 'error'],
  ])
  expect(tally.snapshot(500).rate).toBe(4)
  expect(tally.snapshot(4000).rate).toBe(0.5)
  expect(tally.snapshot(0).rate).toBe(0)
})

test('adding is recording all, clearing is starting anew', () => {
  fc.assert(
    fc.property(events, events, (first, second) => {
      const sum = of(first)
      sum.add(of(second))
      const all = of([...first, ...second])
      for (const outcome of OUTCOMES) expect(sum.of(outcome)).toBe(all.of(outcome))
      expect(sum.latency.toSparse()).toEqual(all.latency.toSparse())
      sum.clear()
      expect(sum.snapshot(1000)).toEqual(new Tally().snapshot(1000))
    }),
  )
})

test('a snapshot is a copy: what comes later does not change it', () => {
  const tally = of([[1, 'ok']])
  const before = tally.snapshot(1000)
  const copy = structuredClone(before)
  tally.record(5, 'ok')
  expect(before).toEqual(copy)
})

test('a summary gives what the histogram says, and null for none', () => {
  expect(summarize(new Histogram())).toBeNull()
  const histogram = new Histogram()
  for (let i = 1; i <= 1000; i++) histogram.record(i)
  expect(summarize(histogram)).toEqual({
    count: 1000,
    mean: 500.5,
    min: 1,
    p50: histogram.quantile(0.5),
    p90: histogram.quantile(0.9),
    p95: histogram.quantile(0.95),
    p99: histogram.quantile(0.99),
    p999: histogram.quantile(0.999),
    max: 1000,
    buckets: histogram.toSparse(),
  })
})
