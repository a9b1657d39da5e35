import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { commonTime, daysSince1970, isoTime } from '../../../simulator/trace/time.ts'

const moment = fc.date({
  min: new Date('1900-01-01'),
  max: new Date('2400-01-01'),
  noInvalidDate: true,
})

test('days are counted as the calendar counts them', () => {
  fc.assert(
    fc.property(moment, (date) => {
      const days = daysSince1970(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())
      expect(days).toBe(Math.floor(date.getTime() / 86_400_000))
    }),
  )
})

test('both notations give the time that was written, in any zone', () => {
  fc.assert(
    fc.property(moment, fc.integer({ min: -23 * 60, max: 23 * 60 }), (date, zone) => {
      const local = new Date(date.getTime() + zone * 60_000).toISOString()
      const [year, month, day] = local.slice(0, 10).split('-')
      const sign = zone < 0 ? '-' : '+'
      const minutes = String(Math.abs(zone) % 60).padStart(2, '0')
      const hours = String(Math.floor(Math.abs(zone) / 60)).padStart(2, '0')
      const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
      const unix = date.getTime() / 1000
      expect(isoTime(`${local.slice(0, -1)}${sign}${hours}:${minutes}`)).toBeCloseTo(unix, 6)
      const common = `${day}/${months[Number(month) - 1]}/${year}:${local.slice(11, 19)} ${sign}${hours}${minutes}`
      expect(commonTime(common)).toBe(Math.floor(unix))
    }),
  )
})

test('what is no time is none', () => {
  for (const text of [
    '',
    'x',
    '2026-13-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-01-01T24:00:00Z',
  ]) {
    expect(isoTime(text)).toBeNaN()
  }
  for (const text of [
    '',
    '32/Jan/2026:00:00:00 +0000',
    '01/anF/2026:00:00:00',
    '01/Jan/2026:00:60:00',
  ])
    expect(commonTime(text)).toBeNaN()
})
