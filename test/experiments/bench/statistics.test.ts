import { describe, expect, it } from 'vitest'
import { slope, spread } from '../../../experiments/bench/statistics.ts'

describe('spread', () => {
  it('gives the middle and both ends, in any order', () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 })
    expect(spread([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 })
  })

  it('has nothing to say of nothing', () => {
    expect(spread([])).toBeUndefined()
  })
})

describe('slope', () => {
  it('finds the slope of a line, and of a line with even noise', () => {
    expect(
      slope([
        [0, 5],
        [1, 8],
        [2, 11],
      ]),
    ).toBeCloseTo(3)
    expect(
      slope([
        [0, 1],
        [0, -1],
        [2, 7],
        [2, 5],
      ]),
    ).toBeCloseTo(3)
  })

  it('is no number for a single place', () => {
    expect(
      slope([
        [1, 1],
        [1, 2],
      ]),
    ).toBeNaN()
  })
})
