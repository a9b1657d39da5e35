import { expect, test } from 'vitest'
import { closingOf } from '../../../experiments/sim/closing.ts'
import { compare } from '../../../simulator/study/comparison.ts'
import type { Replication } from '../../../simulator/study/replication.ts'
import type { Study } from '../../../simulator/study/study.ts'
import { runOf } from '../../simulator/study/runs.ts'

/** Strategies by how long each took in each run: all requests of a run take as long. */
function closing(...all: number[][]): string {
  const contenders = all.map((_, i) => ({ label: `s${i}`, spec: 'random' }))
  const runs = all.map((times) => times.map((time): Replication => runOf([time, time])))
  const standings = compare(contenders, runs, 'varying')
  return closingOf({ standings, seeds: all[0].map((_, i) => i) } as unknown as Study)
}

test('one replication is sent for more', () => {
  expect(closing([10])).toBe('How sure? One replication cannot say: --reps 10 gives intervals.')
})

test('a strategy alone is told how precise its figures are', () => {
  // 10 ± 12.71 / √2 × √2 %.
  expect(closing([9.9, 10.1])).toMatch(/^How sure\? Known to mean ±13 %, p99 ±\d+ % or better; --/)
})

test('where all can be told nothing is left to do', () => {
  expect(closing([10, 10.1, 9.9], [5, 5.1, 4.9])).toMatch(
    /or better, and every verdict of mean and p99 can be told\.$/,
  )
})

test('what is open is told with how many replications would close it', () => {
  const [a, b] = [
    [10, 11, 12, 13],
    [11, 10.5, 13.5, 13.2],
  ]
  expect(closing(a, b)).toMatch(
    /2 of 2 verdicts of mean and p99 are open: --reps \d\d? would probably tell\.$/,
  )
  expect(closing(a, b, [5, 6, 7, 8])).toMatch(/2 of 4 verdicts of mean and p99 are open/)
})

test('what is too close for a thousand replications is told by how far it may be', () => {
  const a = Array.from({ length: 10 }, (_, i) => 100 + (i % 2))
  const b = a.map((time, i) => time + (i % 4 < 2 ? 0.5 : -0.5) + 0.001 + (i > 7 ? -0.5 : 0))
  expect(closing(a, b)).toMatch(/differs? by at most 0\.\d+ %/)
})

test('what is the same in every pair is no open question', () => {
  expect(closing([10, 11, 12], [10, 11, 12])).toMatch(
    /every verdict of mean and p99 can be told\.$/,
  )
})

test('where nothing settles there is nothing to be sure of', () => {
  const standings = compare([{ label: 'a', spec: 'random' }], [[runOf([1])]], 'overloaded')
  expect(closingOf({ standings, seeds: [1] } as unknown as Study)).toBe('')
})
