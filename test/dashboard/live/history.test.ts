import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { History, type Row, rowsBetween } from '../../../dashboard/live/history.ts'
import { type CompactRow, compactOf } from '../../../proxy/core/compact-row.ts'
import { Scene } from '../../proxy/admin/scene.ts'

/** A scene whose snapshots are kept as the page keeps them. */
function record(): { scene: Scene; history: History } {
  const scene = new Scene()
  const history = new History()
  scene.series.listen({ onSnapshot: (snapshot) => history.add(snapshot) })
  scene.admin.close()
  return { scene, history }
}

describe('the history', () => {
  test('has a row a second: what came in it, and shares of the last ten', () => {
    const { history, scene } = record()
    for (let second = 0; second < 12; second++) {
      for (let i = 0; i < 4; i++) scene.serve(10 + second, i === 3 ? 'timeout' : 'ok')
      scene.pass(1000)
    }
    expect(history.rows).toHaveLength(12)
    const last = history.rows[11]
    expect(last.rate).toBe(4)
    expect(last.errors).toEqual({ error: 0, timeout: 1, refused: 0 })
    expect(last.p99).toBeCloseTo(21, 0)
    const [b1, b2] = [last.servers.get('b1')!, last.servers.get('b2')!]
    expect(b1.share! + b2.share!).toBeCloseTo(1)
    expect(b1.due).toBeCloseTo(0.75)
    expect(b1.share).toBeCloseTo(0.75)
    expect(history.recent?.requests.count).toBe(40)
  })

  test('takes what is told twice once', () => {
    const { history, scene } = record()
    scene.serve(10)
    scene.pass(1000)
    const again = history.latest!
    history.add(again)
    expect(history.rows).toHaveLength(1)
    expect(history.recent?.requests.count).toBe(1)
  })

  test('shares of its first seconds are of ten seconds as soon as those before are known', () => {
    const { history, scene } = record()
    const past: CompactRow[] = []
    for (let second = 0; second < 14; second++) {
      for (let i = 0; i < 4; i++) scene.serve(10)
      scene.pass(1000)
      past.push(compactOf(history.latest!))
    }
    const late = new History()
    for (const row of [12, 13]) late.add({ ...history.latest!, time: past[row][0] })
    late.recall(past.slice(0, 13))
    expect(late.rows).toHaveLength(14)
    expect(late.rows.map(({ servers }) => servers)).toEqual(
      history.rows.map(({ servers }) => servers),
    )
  })

  test('what is measured of a minute begins anew when something else is changed', () => {
    const { history, scene } = record()
    const pass = (): void => {
      for (let i = 0; i < 4; i++) scene.serve(10)
      scene.pass(1000)
    }
    for (let i = 0; i < 5; i++) pass()
    expect(history.counts).toHaveLength(5)
    expect(history.inflights.get('b1')).toBe(0)
    history.changed()
    expect(history.minute).toBeUndefined()
    pass()
    expect(history.counts).toEqual([4])
    history.add({ ...history.latest!, strategy: 'other', time: history.latest!.time + 1000 })
    expect(history.counts).toEqual([4])
    expect(history.minute?.strategy).toBe('other')
  })

  test('forgets the last ten seconds after a gap, since they say nothing about now', () => {
    const { history, scene } = record()
    scene.serve(10)
    scene.pass(1000)
    const later = { ...history.latest!, time: history.latest!.time + 60_000 }
    history.add(later)
    expect(history.recent?.requests.count).toBe(1)
    expect(history.rows).toHaveLength(2)
  })

  test('keeps an hour, and no more', () => {
    const { history, scene } = record()
    scene.pass(1000)
    const first = history.latest!
    for (let i = 1; i < 4000; i++) history.add({ ...first, time: first.time + i * 1000 })
    expect(history.rows).toHaveLength(3600)
    expect(history.rows[0].time).toBe(first.time + 400_000)
  })
})

function row(time: number, rate: number, p99: number | null): Row {
  const errors = { error: 0, timeout: 0, refused: 0 }
  return { time, rate, p50: p99, p99, errors, inflight: rate, waiting: 0, servers: new Map() }
}

describe('rows for a chart', () => {
  test('are those of its time', () => {
    const rows = [1, 2, 3, 4, 5].map((second) => row(second * 1000, 1, 1))
    expect(rowsBetween(rows, 2000, 4000).map(({ time }) => time)).toEqual([2000, 3000, 4000])
    expect(rowsBetween(rows, 6000, 9000)).toEqual([])
    expect(rowsBetween([], 0, 9000)).toEqual([])
  })

  test('are thinned without losing a peak, or the mean of what is counted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ rate: fc.nat(100), p99: fc.option(fc.nat(1000)) }), {
          minLength: 50,
          maxLength: 200,
        }),
        fc.integer({ min: 10, max: 40 }),
        (given, most) => {
          const rows = given.map(({ p99, rate }, i) => row((i + 1) * 1000, rate, p99))
          const thinned = rowsBetween(rows, 0, Infinity, most)
          expect(thinned.length).toBeLessThanOrEqual(most + 1)
          const peak = (all: readonly Row[]): number =>
            Math.max(-1, ...all.map(({ p99 }) => p99 ?? -1))
          expect(peak(thinned)).toBe(peak(rows))
          expect(Math.max(...thinned.map(({ inflight }) => inflight))).toBe(
            Math.max(...rows.map(({ inflight }) => inflight)),
          )
          const [low, high] = [rows, thinned].map((all) => Math.max(...all.map(({ rate }) => rate)))
          expect(high).toBeLessThanOrEqual(low)
        },
      ),
    )
  })

  test('are grouped by times that stay, so that the picture does not flicker as rows come in', () => {
    const rows = Array.from({ length: 100 }, (_, i) => row((i + 1) * 1000, i, i))
    const before = rowsBetween(rows, 10_000, 99_000, 30)
    const after = rowsBetween(rows, 11_000, 100_000, 30)
    expect(after.slice(1, 25)).toEqual(before.slice(1, 25))
  })
})
