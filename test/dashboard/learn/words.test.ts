import { describe, expect, test } from 'vitest'
import { told, value } from '../../../dashboard/learn/figures.ts'
import { dealt } from '../../../dashboard/learn/deal.ts'
import type { Found, Guess, Lesson } from '../../../dashboard/learn/lesson.ts'
import { LESSONS } from '../../../dashboard/learn/lessons/index.ts'
import { placesOf, verdictOf } from '../../../dashboard/learn/verdict.ts'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { interval } from '../../../simulator/statistics/interval.ts'

const lessonOf = (slug: string): Lesson => LESSONS.find((each) => each.slug === slug)!

/** Figures with that interval, whatever runs they are of. */
function found(figures: Readonly<Record<string, readonly [mean: number, half: number]>>): Found {
  return Object.fromEntries(
    Object.entries(figures).map(([id, [mean, half]]) => [
      id,
      {
        ...interval([mean, mean]),
        mean,
        half,
        low: mean - half,
        high: mean + half,
        values: [mean, mean],
      },
    ]),
  )
}

const say = (slug: string, guess: Guess, figures: Found): string =>
  verdictOf(lessonOf(slug), guess, figures).replaceAll('\u{A0}', ' ')

describe('a figure', () => {
  test.each([
    [0.6912, 0.0042, 'share', '69.1 ± 0.4 %'],
    [0.27, 0.031, 'share', '27 ± 3 %'],
    [0.1, 0, 'share', '10 %'],
    [1, 0, 'share', '100 %'],
    [0, 0, 'share', '0 %'],
    [101.4, 7.3, 'time', '101 ± 7 ms'],
    [28.04, 0.61, 'time', '28.0 ± 0.6 ms'],
    [2331, 168, 'time', '2.33 ± 0.17 s'],
    [47.66, 0.61, 'count', '47.7 ± 0.6'],
    [0.0402, 0.0291, 'count', '0.04 ± 0.03'],
    [0.999, 0.0000001, 'share', '99.9 %'],
  ] as const)('of %f ± %f (%s) is told as %s', (mean, half, unit, text) => {
    expect(told({ mean, half }, unit).replaceAll('\u{A0}', ' ')).toBe(text)
  })

  test('without an interval has no zeros to fill up', () => {
    expect(value(80, 'time')).toBe('80\u{A0}ms')
    expect(value(0.5, 'share')).toBe('50\u{A0}%')
    expect(value(1500, 'time')).toBe('1.5\u{A0}s')
  })
})

describe('the verdict on an order', () => {
  const figures = found({
    least: [0.69, 0.005],
    two: [0.195, 0.006],
    turn: [0.1, 0],
    peak: [0.037, 0.002],
  })

  test('tells of the one that is farthest from its place', () => {
    expect(
      say('black-hole', { kind: 'rank', order: ['two', 'turn', 'least', 'peak'] }, figures),
    ).toBe(
      'You put least connections third; it sent 69.0 ± 0.5 % to the broken one, and comes first.',
    )
  })

  test('says so if all is right', () => {
    expect(
      say('black-hole', { kind: 'rank', order: ['least', 'two', 'turn', 'peak'] }, figures),
    ).toBe(
      'You had them all in their places: least connections sent 69.0 ± 0.5 % to the broken one.',
    )
  })

  test('takes either order of two that cannot be told apart', () => {
    const near = found({
      least: [0.7, 0.01],
      two: [0.2, 0.02],
      turn: [0.19, 0.02],
      peak: [0.04, 0.01],
    })
    expect(placesOf('two', ['least', 'two', 'turn', 'peak'], near)).toEqual([1, 2])
    for (const order of [
      ['least', 'two', 'turn', 'peak'],
      ['least', 'turn', 'two', 'peak'],
    ]) {
      expect(say('black-hole', { kind: 'rank', order }, near)).toMatch(/^You had them all/)
    }
  })
})

describe('the verdict on what was drawn', () => {
  const figures = found({ one: [100, 7], two: [28, 0.6], three: [22.4, 0.5], all: [14.7, 0.3] })

  test('tells of the worst, how far off it is, and how many were near; what was given does not count', () => {
    expect(say('power-of-two', { kind: 'bars', values: [80, 28.2, 80, 15] }, figures)).toBe(
      'For three looks you drew 80 ms; it is 22.4 ± 0.5 ms, 3.6 times less. 2 of the 3 were near.',
    )
  })

  test('says so if all is near', () => {
    expect(say('power-of-two', { kind: 'bars', values: [80, 28, 22, 15] }, figures)).toMatch(
      /^All of what you drew is near the truth/,
    )
  })

  test('compares shares by their difference', () => {
    const shares = found({ turn: [0.14, 0.01], two: [0.27, 0.03], least: [1, 0] })
    expect(say('cold-newcomer', { kind: 'bars', values: [0.14, 0.5, 0.5] }, shares)).toBe(
      'For least connections you drew 50 %; it is 100 %. One of the 3 was near.',
    )
  })
})

describe('the verdict on a choice', () => {
  const figures = found({ one: [0.04, 0.03], fifty: [1.58, 0.16], dice: [2.8, 0.4], list: [47, 1] })

  test('says what is right', () => {
    expect(say('many-proxies', { kind: 'choice', option: 1 }, figures)).toMatch(
      /^You are right: many more/,
    )
    expect(say('many-proxies', { kind: 'choice', option: 2 }, figures)).toBe(
      'You said: as many as with dice, or more. It is: many more, but fewer than if the fifty threw dice.',
    )
  })

  test('says so if the numbers cannot tell', () => {
    const unclear = { ...figures, ...found({ fifty: [2.6, 0.4] }) }
    expect(say('many-proxies', { kind: 'choice', option: 1 }, unclear)).toBe(
      'These runs cannot tell which is right.',
    )
  })
})

test('the verdict on an order that was dealt compares it with the others', () => {
  const others = { blocks: [13.3, 0], dice: [55, 9], smooth: [0, 0] } as const
  const deal: Guess = { kind: 'deal', order: [] }
  expect(say('weights', deal, found({ ...others, yours: [6.3, 0] }))).toBe(
    'In your order a request waits 6.3 ms: better than in blocks, and better than dice; dealt smoothly 0 ms.',
  )
  expect(say('weights', deal, found({ ...others, yours: [0, 0] }))).toMatch(/You found it\.$/)
})

test('an order is dealt as it was laid, again and again', () => {
  const servers = ['A', 'B', 'C'].map((id) => ({ id }) as Endpoint)
  const strategy = dealt([0, 2, 1, 0]).create({} as never)
  strategy.update(servers)
  const picks = Array.from({ length: 9 }, () => strategy.pick(0, 0).id)
  expect(picks.join('')).toBe('ACBAACBAA')
})
