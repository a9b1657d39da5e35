import { expect, test } from 'vitest'
import { verdictOn } from '../../../proxy/core/verdict.ts'

test('502, 503 and 504 speak against a server, and no other answer does', () => {
  const against = Array.from({ length: 500 }, (_, i) => 100 + i).filter(
    (status) => verdictOn(status) !== 'ok',
  )
  expect(against).toEqual([502, 503, 504])
})
