import fc from 'fast-check'
import { expect, test } from 'vitest'
import { draw, fraction, ScriptedRng } from './scripted-rng.ts'

test('an integer that was written down comes out', () => {
  const bounds = fc.integer({ min: 1, max: 5000 })
  const cases = bounds.chain((bound) => fc.tuple(fc.nat(bound - 1), fc.constant(bound)))
  fc.assert(
    fc.property(cases, ([value, bound]) => {
      expect(new ScriptedRng(draw(value, bound)).int(bound)).toBe(value)
    }),
  )
})

test('also one whose quotient is rounded down to a whole number', () => {
  const [value, bound] = [134_217_727, 536_870_905]
  expect(new ScriptedRng(draw(value, bound)).int(bound)).toBe(value)
})

test('a fraction that was written down comes out', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (value) => {
      expect(Math.abs(new ScriptedRng(fraction(value)).float() - value)).toBeLessThanOrEqual(
        2 ** -53,
      )
    }),
  )
})

test('asking for more than was written is an error', () => {
  const rng = new ScriptedRng(7)
  expect(rng.left).toBe(1)
  expect(rng.next()).toBe(7)
  expect(() => rng.next()).toThrow('used up')
})
