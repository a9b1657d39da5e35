import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Hedging } from '../../../proxy/core/hedging.ts'
import { RetryPolicy } from '../../../proxy/core/retry.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Hedges } from '../../../proxy/http/hedges.ts'

let rung: string[]
let hedges: Hedges
let delay: number
const now = (): number => performance.now()

function watch(name: string) {
  return hedges.watch({ hedge: () => void rung.push(`${name} ${now() - began}`) }, now())
}

let began: number

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  began = now()
  rung = []
  delay = 20
  const retry = new RetryPolicy({ attempts: 1, budget: 1, minPerSecond: 1 }, new Clock())
  const rule = new Hedging({ delay }, retry)
  rule.dueAt = (startedAt) => startedAt + delay
  hedges = new Hedges(rule, now, false)
})

afterEach(() => {
  hedges.close()
  vi.useRealTimers()
})

test('an alarm rings when it is due, between ticks, and those that are cancelled do not', () => {
  watch('a')
  vi.advanceTimersByTime(5)
  const b = watch('b')!
  watch('c')
  hedges.cancel(b)
  vi.advanceTimersByTime(100)
  expect(rung).toEqual(['a 20', 'c 25'])
  expect(vi.getTimerCount()).toBe(0)
})

test('alarms ring in order of time, though a delay that shrinks lets later ones pass', () => {
  delay = 50
  watch('a')
  delay = 30
  watch('b')
  delay = 40
  watch('c')
  delay = 30
  watch('d')
  vi.advanceTimersByTime(100)
  expect(rung).toEqual(['b 30', 'd 30', 'c 40', 'a 50'])
})

test('there is one timer for all, however many are cancelled, and none after the end', () => {
  for (let i = 0; i < 50; i++) {
    const alarm = watch('x')!
    vi.advanceTimersByTime(1)
    hedges.cancel(alarm)
    expect(vi.getTimerCount()).toBeLessThanOrEqual(1)
  }
  watch('y')
  hedges.close()
  expect([vi.getTimerCount(), watch('z')]).toEqual([0, undefined])
  vi.advanceTimersByTime(100)
  expect(rung).toEqual([])
})

test('where nothing is known yet nobody is watched', () => {
  delay = Infinity
  expect(watch('a')).toBeUndefined()
})
