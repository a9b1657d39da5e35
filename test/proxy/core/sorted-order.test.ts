import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sortedOrder } from '../../../proxy/core/sorted-order.ts'

/** Few values that are far apart, so that there are equal ones, and any others. */
const value = fc.oneof(
  fc.constantFrom(-0x80000000, -0x80000000 + 1, -1, 0, 1, 2047, 2048, 1 << 22, 0x7fffffff),
  fc.integer(),
)

test('sorts as a stable sort by value does, negative numbers first', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 300 }), (values) => {
      const expected = values.map((_, i) => i).sort((a, b) => values[a] - values[b] || a - b)
      expect([...sortedOrder(Int32Array.from(values))]).toEqual(expected)
    }),
  )
})
