import { expect, it } from 'vitest'
import { familyOf, parseStat } from '../../../experiments/bench/process-cost.ts'

it('reads a stat line whose name looks like the end of a name', () => {
  const line = '42 (a) S (b c) S 7 42 42 0 -1 4194304 100 200 0 0 11 22 33 44 20 0 11 0 100 1 2'
  expect(parseStat(line)).toEqual({ parent: 7, ticks: 110 })
})

it('finds children and their children, and nobody else', () => {
  const parents = [
    [10, 1],
    [11, 10],
    [12, 11],
    [13, 10],
    [20, 1],
    [21, 20],
  ]
  const stats = new Map(parents.map(([id, parent]) => [id, { parent, ticks: 1 }]))
  expect(familyOf(10, stats).toSorted((a, b) => a - b)).toEqual([10, 11, 12, 13])
  expect(familyOf(12, stats)).toEqual([12])
})
