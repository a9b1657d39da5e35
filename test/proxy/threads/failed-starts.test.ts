import { expect, test } from 'vitest'
import { FailedStarts } from '../../../proxy/threads/failed-starts.ts'

test('a thread is tried again after a second, and ever later up to half a minute', () => {
  const failed = new FailedStarts()
  const pauses = Array.from({ length: 8 }, () => failed.failed(0, 'ENOENT').pause)
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  expect(failed.failed(1, 'ENOENT').pause).toBe(1000)
})

test('each reason is news once, until the thread has started', () => {
  const failed = new FailedStarts()
  expect(failed.started(0)).toBe(false)
  const reasons = ['ENOENT', 'ENOENT', 'EACCES', 'ENOENT']
  expect(reasons.map((reason) => failed.failed(0, reason).news)).toEqual([true, false, true, false])
  expect(failed.started(0)).toBe(true)
  expect(failed.started(0)).toBe(false)
  expect(failed.failed(0, 'ENOENT')).toEqual({ pause: 1000, news: true })
})
