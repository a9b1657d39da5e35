import { expect } from 'vitest'
import type { Figure, Found, Lesson } from '../../../dashboard/learn/lesson.ts'
import { interval, pairedInterval } from '../../../simulator/statistics/interval.ts'

/** The second less the first, pair by pair. */
const less = (first: Figure, second: Figure): ReturnType<typeof pairedInterval> =>
  pairedInterval(first.values, second.values)

/** How many times the second the first is, pair by pair. */
const times = (first: Figure, second: Figure): ReturnType<typeof interval> =>
  interval(first.values.map((value, i) => value / second.values[i]))

/** By the address of the lesson: what its sentence to remember says, of the numbers, with all of their 95 % intervals. */
const TRUE: Readonly<Record<string, (found: Found) => void>> = {
  'power-of-two': ({ all, one, three, two }) => {
    // Most of what all twenty looks gain, the second does …
    const gained = one.values.map((dice, i) => (dice - two.values[i]) / (dice - all.values[i]))
    expect(interval(gained).low).toBeGreaterThan(0.75)
    // … and the third far less than the second.
    expect(times(one, two).low).toBeGreaterThan(3)
    expect(times(two, three).high).toBeLessThan(1.5)
  },
  'black-hole': ({ least, peak, turn, two }) => {
    expect(least.low).toBeGreaterThan(0.6)
    expect(two.low).toBeGreaterThan(turn.high)
    expect(two.high).toBeLessThanOrEqual(0.2 + 0.005)
    expect(peak.high).toBeLessThan(turn.low)
  },
  'cold-newcomer': ({ least, turn, two }) => {
    expect(least.low).toBeGreaterThan(0.99)
    expect(two.low).toBeGreaterThan(turn.high)
    expect(two.low).toBeLessThan(2 / 7)
    expect(Math.abs(turn.mean - 1 / 7)).toBeLessThan(0.02)
  },
  'stale-herd': (found) => {
    expect(found['least 0'].high).toBeLessThan(found['two 0'].low)
    expect(found['two 0'].high).toBeLessThan(found['dice 0'].low)
    expect(found['least 1600'].low).toBeGreaterThan(3 * found['dice 1600'].high)
    expect(found['least 1600'].low).toBeGreaterThan(3 * found['two 1600'].high)
    for (const age of [0, 100, 400])
      expect(found[`dice ${age}`].values).toEqual(found['dice 1600'].values)
  },
  'many-proxies': ({ dice, fifty, list, one }) => {
    expect(fifty.low).toBeGreaterThan(10 * one.high)
    expect(fifty.high).toBeLessThan(dice.low)
    expect(list.low).toBeGreaterThan(10 * dice.high)
  },
  'retry-storm': ({ budget, none, pauses, three }) => {
    expect(three.high).toBeLessThan(0.05)
    expect(pauses.high).toBeLessThan(0.05)
    expect(budget.low).toBeGreaterThan(0.9)
    expect(none.low).toBeGreaterThan(0.95)
  },
  'heavy-tail': (found) => {
    // Who chooses, and how a server shares its time: each by a factor of three at least, and both together by more.
    expect(found['one dice'].low).toBeGreaterThan(3 * found['one least'].high)
    expect(found['one dice'].low).toBeGreaterThan(3 * found['all dice'].high)
    expect(found['all least'].high).toBeLessThan(found['one least'].low)
    expect(found['all least'].high).toBeLessThan(found['all dice'].low)
  },
  weights: ({ blocks, dice, smooth }) => {
    expect(smooth.high).toBeLessThan(0.01)
    expect(blocks.low).toBeGreaterThan(10)
    expect(less(blocks, dice).low).toBeGreaterThan(10)
  },
}

/** What it says to remember is true, and it has one right answer, which is not how its question begins. */
export function expectTrue({ ask, slug }: Lesson, found: Found): void {
  expect(Object.keys(TRUE)).toContain(slug)
  TRUE[slug](found)
  if (ask.kind === 'choice') expect(ask.right(found)).toBeTypeOf('number')
  if (ask.kind === 'rank') {
    const truth = ask.cases.toSorted((a, b) => found[b].mean - found[a].mean)
    expect(ask.cases).not.toEqual(truth)
  }
  if (ask.kind === 'bars') {
    for (const id of ask.cases) expect(found[id].mean).toBeLessThanOrEqual(ask.top)
  }
  if (ask.kind === 'curve') {
    for (const { high, low } of Object.values(found)) {
      expect(low).toBeGreaterThan(ask.range[0])
      expect(high).toBeLessThan(ask.range[1])
    }
  }
}
