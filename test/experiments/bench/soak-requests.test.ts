import { expect, it } from 'vitest'
import { judge, type Sample } from '../../../experiments/bench/soak-requests.ts'

const TOTAL = 1_000_000

function samples(resident: (requests: number) => number): Sample[] {
  return Array.from({ length: 101 }, (_, i) => {
    const requests = (i * TOTAL) / 100
    return { requests, resident: resident(requests) }
  })
}

it('sees a leak as growth and as a slope', () => {
  const verdict = judge(
    samples((requests) => 100 + requests / 1e5),
    TOTAL,
  )
  expect(verdict?.per100k).toBeCloseTo(1)
  expect(verdict?.warm).toBeCloseTo(102.5)
  expect(verdict?.growth).toBeCloseTo(7)
})

it('does not take warm-up for a leak', () => {
  const verdict = judge(
    samples((requests) => (requests < TOTAL / 5 ? 50 : 100)),
    TOTAL,
  )
  expect(verdict).toMatchObject({ warm: 100, end: 100, growth: 0 })
  expect(verdict?.per100k).toBeCloseTo(0)
})

it('says nothing about too few samples', () => {
  expect(judge([{ requests: TOTAL, resident: 1 }], TOTAL)).toBeUndefined()
})
