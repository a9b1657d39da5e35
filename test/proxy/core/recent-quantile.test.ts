import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecentQuantile } from '../../../proxy/core/recent-quantile.ts'

test('is the smallest of the last numbers that the given part of them is not above', () => {
  const parts = fc.constantFrom(0, 0.25, 0.5, 2 ** -0.25, 1)
  fc.assert(
    fc.property(parts, fc.integer({ min: 1, max: 9 }), fc.array(fc.nat(9)), (part, size, all) => {
      const quantile = new RecentQuantile(part, size)
      expect(quantile.value[0]).toBe(Infinity)
      all.forEach((number, i) => {
        quantile.add(Float64Array.of(7, number), 1)
        const last = all.slice(Math.max(0, i + 1 - size), i + 1).sort((a, b) => a - b)
        const enough = last.find((each) => {
          const within = last.filter((other) => other <= each).length
          return within >= part * last.length
        })
        expect(quantile.value[0]).toBe(enough)
      })
    }),
  )
})
