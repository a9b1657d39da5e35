import { expect, test } from 'vitest'
import { Rng } from '../../proxy/core/rng.ts'
import { meanWork, workSource } from '../../simulator/work.ts'

test('recorded work comes in its order, and from the first again after the last', () => {
  for (const values of [[5, 0, 2.5], Float64Array.of(5, 0, 2.5)]) {
    const drawn = new Float64Array(4)
    const source = workSource({ type: 'recorded', values }, new Rng(1))
    source.fill(drawn)
    expect([...drawn]).toEqual([5, 0, 2.5, 5])
    source.fill(drawn)
    expect([...drawn]).toEqual([0, 2.5, 5, 0])
    expect(meanWork({ type: 'recorded', values })).toBe(2.5)
  }
})

test('recorded work that is none is refused with its path', () => {
  const make = (values: number[]) => () =>
    workSource({ type: 'recorded', values }, new Rng(1), 'work')
  expect(make([])).toThrow('work.values must have at least one entry')
  expect(make([1, NaN])).toThrow('work.values[1] must be at least 0, got NaN')
  expect(make([1, 2, -3])).toThrow('work.values[2] must be at least 0, got -3')
})

test('other work is drawn from its distribution', () => {
  const drawn = new Float64Array(2)
  workSource({ type: 'constant', value: 3 }, new Rng(1)).fill(drawn)
  expect([...drawn]).toEqual([3, 3])
  expect(meanWork({ type: 'exponential', mean: 7 })).toBe(7)
})
