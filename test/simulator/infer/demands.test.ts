import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { demandsOf } from '../../../simulator/infer/demands.ts'
import { visitsOf } from '../../../simulator/infer/visits.ts'
import type { ServerSpec } from '../../../simulator/scenario.ts'
import { writtenLog } from '../../support/written-log.ts'
import { bookOf } from './book-of.ts'

/** What a server that works like that makes of works that are known: the book of it, and the works in order of arrival. */
function served(server: ServerSpec, gaps: readonly number[], works: readonly number[]) {
  let time = 0
  // Whole milliseconds apart, so that the clock of the log loses nothing.
  const times = gaps.map((gap) => (time += gap))
  const text = writtenLog({
    name: 'known',
    seed: 1,
    duration: time + 1,
    arrivals: { type: 'trace', times },
    work: { type: 'recorded', values: works },
    servers: [server],
    strategy: 'round_robin',
  })
  const book = bookOf(text, undefined, 0)
  return visitsOf(book.tries, 1, 0, book.count)[0]
}

const gap = fc.integer({ min: 1, max: 30 })
const work = fc.integer({ min: 1, max: 100 })
const traffic = fc.array(fc.tuple(gap, work), { minLength: 2, maxLength: 60 })
const discipline = fc.constantFrom('fifo', 'sharing', 'infinite')

describe('what requests would have cost their server alone', () => {
  test('is their work, to the microsecond of the log, if the manner is the true one', () => {
    fc.assert(
      fc.property(traffic, discipline, fc.integer({ min: 1, max: 4 }), (pairs, how, workers) => {
        const [gaps, works] = [pairs.map(([each]) => each), pairs.map(([, each]) => each)]
        const visits = served({ discipline: how, workers }, gaps, works)
        const manner =
          how === 'infinite'
            ? ({ discipline: 'fifo', workers: Infinity } as const)
            : { discipline: how, workers }
        const found = demandsOf(visits, manner).work
        found.forEach((each, i) => expect(Math.abs(each - works[i])).toBeLessThan(0.01))
      }),
      { numRuns: 150, seed: 1 },
    )
  })

  test('is never more than they were there for, whatever the manner, and grows with the workers', () => {
    fc.assert(
      fc.property(traffic, fc.constantFrom('fifo', 'sharing'), (pairs, how) => {
        const [gaps, works] = [pairs.map(([each]) => each), pairs.map(([, each]) => each)]
        const visits = served({ workers: 3 }, gaps, works)
        let before: Float64Array = visits.left.map(() => -Infinity)
        for (const workers of [1, 2, 5, Infinity]) {
          const found = demandsOf(visits, { discipline: how, workers }).work
          found.forEach((each, i) => {
            expect(each).toBeLessThanOrEqual(visits.left[i] - visits.arrived[i] + 1e-6)
            expect(each).toBeGreaterThanOrEqual(before[i] - 1e-6)
          })
          before = found
        }
      }),
      { numRuns: 100, seed: 1 },
    )
  })
})
