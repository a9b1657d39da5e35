import { notNegative } from './preconditions.ts'

/**
 * Jain's index of fairness, (sum x)^2 / (n sum x^2): 1 if all have the same, 1/n if one has everything. Jain, Chiu, Hawe, "A quantitative
 * measure of fairness and discrimination for resource allocation in shared computer systems", DEC-TR-301, 1984. Nobody having anything
 * is fair.
 */
export function jainIndex(values: ArrayLike<number>): number {
  const largest = greatest(values)
  if (largest === 0) return 1
  let sum = 0
  let squares = 0
  for (let i = 0; i < values.length; i++) {
    const part = values[i] / largest // So that no square overflows or vanishes.
    sum += part
    squares += part * part
  }
  return Math.min(1, (sum * sum) / (values.length * squares))
}

/** Standard deviation (of all there are, not of a sample) over mean: 0 if all have the same. Jain's index is 1 / (1 + its square). */
export function coefficientOfVariation(values: ArrayLike<number>): number {
  return Math.sqrt(Math.max(0, 1 / jainIndex(values) - 1))
}

/** The smallest and the largest part of the whole, each from 0 to 1; both 0 if there is no whole. */
export function shareRange(values: ArrayLike<number>): { low: number; high: number } {
  const largest = greatest(values)
  if (largest === 0) return { low: 0, high: 0 }
  let sum = 0
  let smallest = Infinity
  for (let i = 0; i < values.length; i++) {
    sum += values[i]
    smallest = Math.min(smallest, values[i])
  }
  return { low: smallest / sum, high: largest / sum }
}

function greatest(values: ArrayLike<number>): number {
  if (values.length === 0) throw new RangeError('values must not be empty')
  let largest = 0
  for (let i = 0; i < values.length; i++) {
    largest = Math.max(largest, notNegative(values[i], `values[${i}]`))
  }
  return largest
}
