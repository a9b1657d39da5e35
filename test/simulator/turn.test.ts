import { expect, test } from 'vitest'
import { cosine, sine } from '../../simulator/turn.ts'

test('quarters of a turn are exact', () => {
  expect([0, 0.25, 0.5, 0.75].map((turn) => sine(turn) + 0)).toEqual([0, 1, 0, -1])
  expect([0, 0.25, 0.5, 0.75, 1].map((turn) => cosine(turn) + 0)).toEqual([1, 0, -1, 0, 1])
})

test('every part of a turn is right to some units in the last place of 1', () => {
  for (let i = 0; i <= 10_000; i++) {
    const turn = i / 10_000
    // The engine's own angle is rounded, by up to 4e-16 near a whole turn.
    expect(Math.abs(sine(turn) - Math.sin(2 * Math.PI * turn))).toBeLessThan(8e-16)
    expect(Math.abs(cosine(turn) - Math.cos(2 * Math.PI * turn))).toBeLessThan(8e-16)
  }
})
