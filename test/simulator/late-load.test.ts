import { expect, test } from 'vitest'
import { lateLoad } from '../../simulator/late-load.ts'
import type { EventSpec, Scenario } from '../../simulator/scenario.ts'
import { plain } from './story.ts'

/** Fifty requests a second of 10 ms each: half of what one server can do. */
function late(events: readonly EventSpec[], more: Partial<Scenario> = {}) {
  const arrivals = { type: 'poisson', rate: 50 } as const
  return lateLoad(plain([], { arrivals, duration: 1000, servers: [{ count: 2 }], events, ...more }))
}

test('after the last event the load is that of the servers that are left, and their speeds', () => {
  const slow = { at: 200, server: '*', set: { speed: 0.2 } }
  expect(late([slow])).toEqual({ since: 200, load: 1.25, settles: false })
  expect(late([{ at: 300, remove: 's1' }, slow])).toEqual({ since: 300, load: 2.5, settles: false })
  expect(late([slow, { at: 400, add: { speed: 0.6 } }])!.load).toBeCloseTo(0.5, 12)
  const one = { ...slow, server: ['s2'] }
  expect(late([one])!.load).toBeCloseTo(0.5 / 1.2, 12)
})

test('a queue that has an end lets nothing grow', () => {
  const slow = { at: 200, server: '*', set: { speed: 0.2 } }
  expect(late([slow], { servers: [{ count: 2, queue: 3 }] })!.settles).toBe(true)
})

test('nothing is said where no event changes servers, or where one comes again and again', () => {
  expect(late([{ at: 200, server: '*', pause: 10 }])).toBeUndefined()
  expect(late([{ at: 200, every: 300, server: '*', set: { speed: 0.2 } }])).toBeUndefined()
})
