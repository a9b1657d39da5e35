import { expect, test } from 'vitest'
import { TicketKeys } from '../../../proxy/tls/ticket-keys.ts'

const HOUR = 3_600_000

test('are the same for an hour, then others, also if the clock is set back', () => {
  const keys = TicketKeys.drawn(10 * HOUR)
  const first = keys.bytes
  expect(first).toHaveLength(48)
  expect(keys.turn(11 * HOUR - 1)).toBe(false)
  expect(keys.bytes).toEqual(first)
  expect(keys.turn(11 * HOUR)).toBe(true)
  const second = keys.bytes
  expect(second).toHaveLength(48)
  expect(second).not.toEqual(first)
  expect(keys.turn(9 * HOUR)).toBe(false)
  expect(keys.bytes).toEqual(second)
})

test('are the same in every thread, whenever it came and however often it looked', () => {
  const first = TicketKeys.drawn(10 * HOUR)
  const early = TicketKeys.from(first.data)
  first.turn(12 * HOUR)
  const late = TicketKeys.from(first.data)
  for (const hour of [11, 12, 13, 14, 15]) early.turn(hour * HOUR)
  for (const each of [first, late]) each.turn(15 * HOUR)
  expect(early.bytes).toEqual(first.bytes)
  expect(late.bytes).toEqual(first.bytes)
})

test('are drawn by each proxy', () => {
  expect(TicketKeys.drawn(0).bytes).not.toEqual(TicketKeys.drawn(0).bytes)
})
