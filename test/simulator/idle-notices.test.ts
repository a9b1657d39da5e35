import { expect, test } from 'vitest'
import { Clock } from '../../proxy/core/clock.ts'
import { Endpoint } from '../../proxy/core/endpoint.ts'
import { type Report, SILENT } from '../../proxy/core/report.ts'
import { Rng } from '../../proxy/core/rng.ts'
import { IdleNotices } from '../../simulator/idle-notices.ts'
import { News } from '../../simulator/news.ts'
import { chiSquare, chiSquareLimit } from '../../simulator/statistics/chi-square.ts'
import { draw, ScriptedRng } from '../support/scripted-rng.ts'

const IDLE: Report = { ...SILENT, inflight: 0 }

/** Dispatchers that count what they hear; `lengths` are what they say of their lists. */
function world(rng: Rng, lengths: readonly number[], choices?: number) {
  const clock = new Clock()
  const news = new News({ clock, delay: () => 2, report: () => undefined })
  const heard: string[] = []
  const dispatchers = lengths.map((_, i) => ({
    heard: (server: Endpoint, report: Report) => {
      heard.push(`${i} hears ${server.id} has ${report.inflight} at ${clock.now}`)
    },
  }))
  const known = lengths.map((_, i) => new Endpoint(`s-as-${i}-knows-it`))
  const notices = new IdleNotices({
    news,
    rng,
    dispatchers,
    lengthOf: (dispatcher) => lengths[dispatcher],
    ...(choices === undefined ? {} : { choices }),
  })
  return { heard, known, news, notices }
}

test('one dispatcher is told, by the name that it knows, when the notice has arrived', () => {
  const { heard, known, news, notices } = world(new ScriptedRng(draw(1, 3)), [0, 0, 0])
  notices.idle(known, IDLE)
  news.run(1)
  expect(heard).toEqual([])
  news.run(2)
  expect(heard).toEqual(['1 hears s-as-1-knows-it has 0 at 2'])
})

test('of several drawn the one with the shortest list is told', () => {
  // Of 0 1 2 3 the third, which changes places with the first; then of 1 0 3 the third.
  const rng = new ScriptedRng(draw(2, 4), draw(2, 3))
  const { heard, known, news, notices } = world(rng, [0, 0, 5, 4], 2)
  notices.idle(known, IDLE)
  news.run(2)
  expect(heard).toEqual(['3 hears s-as-3-knows-it has 0 at 2'])
})

test('of lists that are equally short the one drawn first is taken', () => {
  const rng = new ScriptedRng(draw(1, 2), draw(0, 1))
  const { heard, known, news, notices } = world(rng, [3, 3], 2)
  notices.idle(known, IDLE)
  news.run(2)
  expect(heard).toEqual(['1 hears s-as-1-knows-it has 0 at 2'])
})

test('who looks at all of them always finds the shortest', () => {
  const { heard, known, news, notices } = world(new Rng(1), [2, 1, 0, 3], 4)
  for (let i = 0; i < 100; i++) notices.idle(known, IDLE)
  news.run(2)
  expect(heard).toHaveLength(100)
  expect(heard.every((line) => line.startsWith('2 hears'))).toBe(true)
})

test.each([
  [1, [1 / 4, 1 / 4, 1 / 4, 1 / 4]],
  // The shortest of two, of lists of 0, 1, 2 and 3: of the six pairs it is in three, two, one and none.
  [2, [3 / 6, 2 / 6, 1 / 6]],
])('with %i choices dispatchers are told in their shares', (choices, shares) => {
  const { heard, known, news, notices } = world(new Rng(5), [0, 1, 2, 3], choices)
  const total = 12_000
  for (let i = 0; i < total; i++) notices.idle(known, IDLE)
  news.run(2)
  const counts = shares.map((_, i) => heard.filter((line) => line.startsWith(`${i} `)).length)
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total)
  // One false alarm in a million, of 12,000 draws; the seed is fixed.
  expect(chiSquare(counts, shares)).toBeLessThan(chiSquareLimit(shares.length))
})

test('choices that there are not are refused', () => {
  for (const choices of [0, 1.5, 3, NaN]) {
    expect(() => world(new Rng(1), [0, 0], choices)).toThrow('choices must be from 1 to 2')
  }
  const news = new News({ clock: new Clock(), delay: () => 0, report: () => undefined })
  const dispatchers = [{ heard: () => {} }, { heard: () => {} }]
  expect(() => new IdleNotices({ news, rng: new Rng(1), dispatchers, choices: 2 })).toThrow(
    'more than one choice needs the lengths',
  )
})
