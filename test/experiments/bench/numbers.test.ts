import { expect, it } from 'vitest'
import { above, size, whole } from '../../../experiments/bench/numbers.ts'

it('reads sizes with and without a unit', () => {
  const sizes = ['1GiB', '64MiB', '1.5KiB', '4096'].map(size)
  expect(sizes).toEqual([2 ** 30, 2 ** 26, 1536, 4096])
})

it.each(['', '0', '-1GiB', '1GB', '1 GiB', 'x', '1e99GiB'])('refuses %j as a size', (text) => {
  expect(() => size(text)).toThrow(/must be a size/)
})

it.each(['', '0', '-1', '1.5', 'x', 'Infinity'])('refuses %j as a whole number', (text) => {
  expect(() => whole(text)).toThrow(/must be a whole number/)
})

it('takes fractions where they make sense', () => {
  expect(above(0)('0.5')).toBe(0.5)
  expect(() => above(0)('0')).toThrow(/above 0/)
  expect(() => above(0)('')).toThrow(/above 0/)
})
