import { expect, test } from 'vitest'
import { backoff } from '../../../proxy/core/backoff.ts'
import { fraction, ScriptedRng } from '../../support/scripted-rng.ts'

const ENVOY = { base: 25, max: 250 }

test('a pause is drawn from nothing up to base × 2^n, and never above the longest', () => {
  const halves = Array.from({ length: 6 }, () => fraction(0.5))
  const rng = new ScriptedRng(...halves)
  const pauses = [0, 1, 2, 3, 4, 50].map((retry) => backoff(ENVOY, retry, rng))
  expect(pauses).toEqual([12.5, 25, 50, 100, 125, 125])
  expect(backoff(ENVOY, 0, new ScriptedRng(fraction(0)))).toBe(0)
  expect(backoff(ENVOY, 9, new ScriptedRng(fraction(1 - 2 ** -53)))).toBeCloseTo(250, 9)
})

test('a base of 0 is no pause at all', () => {
  expect(backoff({ base: 0, max: 250 }, 3, new ScriptedRng(fraction(0.5)))).toBe(0)
})
