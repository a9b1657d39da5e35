import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { didYouMean, editDistance } from '../../../proxy/core/did-you-mean.ts'

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '_'), maxLength: 8 })

describe('editDistance', () => {
  it.each([
    ['', 'abc', 3],
    ['weight', 'weight', 0],
    ['wieght', 'weight', 1],
    ['wight', 'weight', 1],
    ['weightt', 'weight', 1],
    ['kitten', 'sitting', 3],
    // Not 2: no letter is edited twice, which is what tells optimal string alignment from Damerau's full distance.
    ['ca', 'abc', 3],
  ])('from %j to %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance)
  })

  it('is the same both ways, 0 only from a word to itself, and at most the longer length', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b)
        expect(editDistance(b, a)).toBe(distance)
        expect(distance === 0).toBe(a === b)
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length))
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length))
      }),
    )
  })
})

describe('didYouMean', () => {
  it.each([
    ['timeout', ['timeouts', 'limits'], 'timeouts'],
    ['HEALTH', ['stats', 'health'], 'health'],
    ['max', ['min', 'mix'], 'mix'],
    ['colour', ['weight', 'url'], undefined],
    ['x', [], undefined],
  ])('for %j among %j is %j', (given, candidates, meant) => {
    expect(didYouMean(given, candidates)).toBe(meant)
  })
})
