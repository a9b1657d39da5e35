import { expect, test } from 'vitest'
import type { StateEvent } from '../../../proxy/core/snapshot.ts'
import * as words from '../../../dashboard/shell/words.ts'

test('numbers have three significant digits at most', () => {
  const shown = [0, 0.034, 0.5, 1, 9.999, 12.44, 99.96, 123.4, 1204, 1_234_567].map(words.short)
  expect(shown).toEqual([
    '0',
    '0.03',
    '0.50',
    '1.00',
    '10.0',
    '12.4',
    '100',
    '123',
    '1,200',
    '1,230,000',
  ])
})

test('shares are per cent, and one in a million is not nothing', () => {
  const shown = [0, 1e-6, 0.0003, 0.0123, 0.333, 1].map(words.percent)
  expect(shown).toEqual(['0 %', '< 0.01 %', '0.03 %', '1.2 %', '33.3 %', '100.0 %'])
})

test('durations change their unit at a second', () => {
  expect(words.duration(12.4)).toEqual(['12.4', 'ms'])
  expect(words.duration(999.9)).toEqual(['1.00', 's'])
  expect(words.duration(1500)).toEqual(['1.50', 's'])
})

test('long times are words', () => {
  const shown = [0, 1000, 59_999, 60_000, 14 * 60_000, 3_600_000, 200_000_000].map(words.ago)
  expect(shown).toEqual([
    '0 seconds',
    '1 second',
    '59 seconds',
    '1 minute',
    '14 minutes',
    '1 hour',
    '2 days',
  ])
})

test('changes of state are sentences', () => {
  const say = (from: StateEvent['from'], to: StateEvent['to'], reason = ''): string =>
    words.sentenceOf({ from, to, reason })
  expect(say('up', 'down', 'connect refused')).toBe('went down: connect refused')
  expect(say('down', 'up', '2 checks passed')).toBe('is up again: 2 checks passed')
  expect(say('up', 'draining')).toBe('is draining')
  expect(say('gone', 'checking')).toBe('was added, and is checking')
  expect(say('up', 'gone')).toBe('was taken out')
})
