import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Clock } from '../../../proxy/core/clock.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import { type FailedAttempt, RetryPolicy, type RetryVerdict } from '../../../proxy/core/retry.ts'

const OPTIONS = { attempts: 1, budget: 0.2, minPerSecond: 3 }

/** A first try of a GET that was refused: the plainest case for a retry. */
const REFUSED: FailedAttempt = {
  outcome: 'refused',
  attempt: 0,
  nonsense: false,
  sent: false,
  answered: false,
  idempotent: true,
  replayable: true,
  staleConnection: false,
}

function policy(options: Partial<typeof OPTIONS> = {}): { retry: RetryPolicy; clock: Clock } {
  const clock = new Clock(123_456)
  return { retry: new RetryPolicy({ ...OPTIONS, ...options }, clock), clock }
}

function verdict(change: Partial<FailedAttempt>, freeUsed = false): RetryVerdict {
  return policy().retry.decide({ ...REFUSED, ...change }, freeUsed)
}

describe('the verdict', () => {
  const post = { idempotent: false }
  const stale = { outcome: 'error', sent: true, staleConnection: true } as const
  const cases: [string, Partial<FailedAttempt>, RetryVerdict][] = [
    ['refused GET', {}, 'again'],
    ['refused POST: nothing was sent', post, 'again'],
    ['refused POST whose body is partly gone', { ...post, replayable: false }, 'unsafe'],
    ['GET that got a 503', { outcome: 'error', sent: true }, 'again'],
    ['GET that timed out', { outcome: 'timeout', sent: true }, 'late'],
    ['GET that got no HTTP back', { outcome: 'error', sent: true, nonsense: true }, 'nonsense'],
    [
      'PUT whose body is partly gone',
      { outcome: 'error', sent: true, replayable: false },
      'unsafe',
    ],
    ['POST whose bytes left', { ...post, outcome: 'error', sent: true }, 'unsafe'],
    ['POST on a connection that died', { ...post, ...stale }, 'unsafe'],
    ['GET whose answer has begun', { outcome: 'error', sent: true, answered: true }, 'answered'],
    ['GET whose client left', { outcome: 'aborted', sent: true }, 'client'],
    ['client left after the answer began', { outcome: 'aborted', answered: true }, 'client'],
    ['GET that had its second try', { attempt: 1 }, 'exhausted'],
    ['GET on a kept-alive connection that died', stale, 'free'],
    ['the same after the second try', { ...stale, attempt: 1 }, 'free'],
    ['kept-alive connection that died in the answer', { ...stale, answered: true }, 'answered'],
  ]
  for (const [name, failed, expected] of cases) {
    test(`${name}: ${expected}`, () => expect(verdict(failed)).toBe(expected))
  }

  test('a second stale connection is judged like any failure', () => {
    expect(verdict({ ...stale, attempt: 1 }, true)).toBe('again')
    expect(verdict({ ...stale, attempt: 2 }, true)).toBe('exhausted')
  })

  test('the free try uses up neither an attempt nor budget', () => {
    const { retry } = policy()
    const before = retry.remaining
    expect(retry.decide({ ...REFUSED, ...stale }, false)).toBe('free')
    expect(retry.remaining).toBe(before)
    expect(retry.decide({ ...REFUSED, attempt: 1 }, true)).toBe('again')
    expect(retry.remaining).toBe(before - 1)
  })

  test('attempts 0 switches every retry off', () => {
    const { retry } = policy({ attempts: 0 })
    expect(retry.decide(REFUSED, false)).toBe('exhausted')
    expect(retry.decide({ ...REFUSED, ...stale }, false)).toBe('exhausted')
  })

  test('attempts 3 allows three', () => {
    const { retry } = policy({ attempts: 3 })
    const verdicts = [0, 1, 2, 3].map((attempt) => retry.decide({ ...REFUSED, attempt }, false))
    expect(verdicts).toEqual(['again', 'again', 'again', 'exhausted'])
  })

  test('only an allowed retry is paid for', () => {
    const { retry } = policy()
    const before = retry.remaining
    for (const failed of cases.map(([, change]) => ({ ...REFUSED, ...change }))) {
      if (verdict(failed) === 'again') continue
      retry.decide(failed, false)
    }
    expect(retry.remaining).toBe(before)
  })
})

describe('the budget', () => {
  function grants(retry: RetryPolicy, asked: number): number {
    let granted = 0
    for (let i = 0; i < asked; i++) if (retry.decide(REFUSED, false) === 'again') granted++
    return granted
  }

  test('is the floor of ten seconds without requests, and a share of them with', () => {
    const { retry } = policy()
    expect(retry.remaining).toBe(30)
    for (let i = 0; i < 100; i++) retry.request()
    expect(retry.remaining).toBe(50)
    expect(grants(retry, 100)).toBe(50)
    expect(retry.decide(REFUSED, false)).toBe('no_budget')
  })

  test('comes back when ten seconds have passed', () => {
    const { retry, clock } = policy()
    expect(grants(retry, 100)).toBe(30)
    clock.now += 9_999
    expect(grants(retry, 100)).toBe(0)
    clock.now += 1_001
    expect(grants(retry, 100)).toBe(30)
  })

  test('that requests earned goes with them', () => {
    const { retry, clock } = policy({ minPerSecond: 0 })
    for (let i = 0; i < 100; i++) retry.request()
    clock.now += 60_000
    expect(retry.remaining).toBe(0)
    expect(grants(retry, 1)).toBe(0)
  })

  test('of nothing allows nothing', () => {
    const { retry } = policy({ budget: 0, minPerSecond: 0 })
    for (let i = 0; i < 100; i++) retry.request()
    expect(grants(retry, 10)).toBe(0)
  })

  test('holds in the ten seconds before every retry, wherever they begin', () => {
    const events = fc.array(
      fc.record({
        wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 }), fc.constant(9_010)),
        requests: fc.nat(60),
        failures: fc.nat(60),
      }),
      { minLength: 1, maxLength: 40 },
    )
    const floors = fc.constantFrom(0, 1, 3)
    fc.assert(
      fc.property(events, floors, fc.constantFrom(0, 0.1, 0.2, 1), (events, floor, budget) => {
        const { retry, clock } = policy({ minPerSecond: floor, budget })
        const requests: number[] = []
        const retries: number[] = []
        const recent = (times: number[]): number =>
          times.filter((time) => time > clock.now - 10_000).length
        for (const event of events) {
          clock.now += event.wait
          for (let i = 0; i < event.requests; i++) {
            retry.request()
            requests.push(clock.now)
          }
          for (let i = 0; i < event.failures; i++) {
            if (retry.decide(REFUSED, false) !== 'again') continue
            retries.push(clock.now)
            expect(recent(retries)).toBeLessThanOrEqual(
              budget * recent(requests) + floor * 10 + 1e-6,
            )
          }
        }
      }),
    )
  })
})

test('threads that share a memory share the budget, and the last retry goes to one of them', () => {
  const buffer = new SharedArrayBuffer(4096)
  const clock = new Clock(123_456)
  const [one, other] = [0, 1].map((thread) => {
    const memory = new Memory(0, { buffer, thread, threads: 2 })
    return new RetryPolicy({ attempts: 1, budget: 0.2, minPerSecond: 0 }, clock, memory)
  })
  for (let i = 0; i < 5; i++) (i % 2 === 0 ? one : other).request()
  expect([one.remaining, other.remaining]).toEqual([1, 1])
  expect(other.decide(REFUSED, false)).toBe('again')
  expect(one.decide(REFUSED, false)).toBe('no_budget')
  clock.now += 11_000
  one.request()
  expect(other.remaining).toBeCloseTo(0.2)
})
