import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Health } from '../../../proxy/core/health.ts'

test('it takes fall failures in a row to fall and rise passes in a row to rise', () => {
  const health = new Health({ fall: 3, rise: 2 })
  expect([false, false].map((passed) => health.report(passed))).toEqual([undefined, undefined])
  expect(health).toMatchObject({ healthy: true, unsettled: true })
  expect(health.report(true)).toBeUndefined() // The row is broken.
  expect(health.unsettled).toBe(false)
  const changes = [false, false, false].map((passed) => health.report(passed))
  expect(changes).toEqual([undefined, undefined, 'fell'])
  expect(health).toMatchObject({ healthy: false, unsettled: false })
  expect([true, false, true, true].map((passed) => health.report(passed))).toEqual([
    undefined,
    undefined,
    undefined,
    'rose',
  ])
  expect(health.healthy).toBe(true)
})

test('one that starts down has to rise first', () => {
  const health = new Health({ fall: 1, rise: 1 }, false)
  expect(health.healthy).toBe(false)
  expect(health.report(true)).toBe('rose')
  expect(health.report(false)).toBe('fell')
})

test('the state flips exactly when the last checks in a row all spoke against it', () => {
  const limits = fc.integer({ min: 1, max: 4 })
  fc.assert(
    fc.property(limits, limits, fc.boolean(), fc.array(fc.boolean()), (fall, rise, up, checks) => {
      const health = new Health({ fall, rise }, up)
      let state = up
      let row: boolean[] = [] // The checks since the last flip.
      for (const passed of checks) {
        row.push(passed)
        const needed = state ? fall : rise
        const flips = row.length >= needed && row.slice(-needed).every((check) => check !== state)
        const change = health.report(passed)
        expect(change).toBe(flips ? (state ? 'fell' : 'rose') : undefined)
        if (flips) {
          state = !state
          row = []
        }
        expect(health.healthy).toBe(state)
        expect(health.unsettled).toBe(row.length > 0 && row.at(-1) !== state)
      }
    }),
  )
})
