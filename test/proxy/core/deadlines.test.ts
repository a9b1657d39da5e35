import { describe, expect, test } from 'vitest'
import {
  type AttemptProgress,
  type BodyProgress,
  late,
  lateAt,
  timeLeft,
} from '../../../proxy/core/deadlines.ts'

const deadlines = { response: 15, idleBody: 60, total: 100, clientBody: 30 }
const attempt: AttemptProgress = { sentAt: -1, headAt: -1, movedAt: -1, endedAt: -1, paused: false }
const whole: BodyProgress = { waitingSince: Infinity, movedAt: 40, ended: true }

/** The first time from which `late` names somebody, and whom; within 1000. */
function firstLate(
  progress: Partial<AttemptProgress>,
  body?: BodyProgress,
): [number, string] | undefined {
  for (let now = 0; now < 1000; now++) {
    const who = late(0, { ...attempt, ...progress }, body, deadlines, now)
    if (who !== undefined) return [now, who]
  }
  return undefined
}

describe('late', () => {
  test('while there is no connection it is nobody: connecting has its own timeout', () => {
    expect(firstLate({})).toBeUndefined()
  })

  test('the server, when its head does not come within `response` of the request', () => {
    expect(firstLate({ sentAt: 5 })).toEqual([21, 'server'])
  })

  test('with a body, `response` begins with its last piece', () => {
    expect(firstLate({ sentAt: 5 }, whole)).toEqual([56, 'server'])
  })

  test('the server, when several attempts together take longer than `total`', () => {
    expect(firstLate({ sentAt: 95 })).toEqual([101, 'server'])
  })

  test('a slow but moving upload is nobody’s fault, and its time does not count towards `total`', () => {
    for (let now = 0; now < 1000; now += 10) {
      const body = { waitingSince: now, movedAt: now, ended: false }
      expect(late(0, { ...attempt, sentAt: 5 }, body, deadlines, now + 20)).toBeUndefined()
    }
  })

  test('the client, when it owes a piece of its body for longer than `clientBody`', () => {
    expect(firstLate({ sentAt: 5 }, { waitingSince: 50, movedAt: 50, ended: false })).toEqual([
      81,
      'client',
    ])
  })

  test('the server, when it does not take an upload for longer than `idleBody`', () => {
    expect(firstLate({ sentAt: 5 }, { waitingSince: Infinity, movedAt: 50, ended: false })).toEqual(
      [111, 'server'],
    )
  })

  test('once the answer has begun only that it moves counts', () => {
    expect(firstLate({ sentAt: 5, headAt: 9, movedAt: 500 })).toEqual([561, 'server'])
  })

  test('the client, when the answer stands still because it does not read', () => {
    expect(firstLate({ sentAt: 5, headAt: 9, movedAt: 500, paused: true })).toEqual([561, 'client'])
    expect(firstLate({ sentAt: 5, headAt: 9, movedAt: 500, endedAt: 500 })).toEqual([561, 'client'])
  })
})

describe('an attempt', () => {
  test.each([
    [0, 5, 20],
    [0, 85, 100],
    [0, 95, 100],
    [50, 60, 75],
  ])(
    'of a request that came at %i, sent at %i, is late after %i',
    (arrivedAt, sentAt, expected) => {
      expect(lateAt(arrivedAt, sentAt, deadlines.response, deadlines.total)).toBe(expected)
      const at = (now: number) => late(arrivedAt, { ...attempt, sentAt }, undefined, deadlines, now)
      expect([at(expected), at(expected + 0.001)]).toEqual([undefined, 'server'])
    },
  )

  test('has no more time than its request has left', () => {
    const left = [0, 99, 100, 500].map((now) => timeLeft(0, deadlines.total, now))
    expect(left).toEqual([100, 1, 0, 0])
  })
})
