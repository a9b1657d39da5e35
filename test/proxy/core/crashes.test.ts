import { expect, test } from 'vitest'
import { Crashes } from '../../../proxy/core/crashes.ts'

test('the fifth crash within ten seconds is one too many', () => {
  const crashes = new Crashes()
  expect([0, 1000, 2000, 9000, 9999].map((time) => crashes.record(time))).toEqual([
    false,
    false,
    false,
    false,
    true,
  ])
})

test('crashes further apart are borne for ever', () => {
  const crashes = new Crashes()
  for (let time = 0; time < 1_000_000; time += 2500) expect(crashes.record(time)).toBe(false)
})
