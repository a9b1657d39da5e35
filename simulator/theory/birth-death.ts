import { notNegative, positive } from '../statistics/preconditions.ts'

/**
 * The steady state of a chain that moves by one: from k to k + 1 at rate births[k], and back at deaths[k]. In balance as many go up
 * as come down, so p(k + 1) = p(k) births[k] / deaths[k]. Kleinrock, "Queueing Systems", volume 1, 1975, 3.1. Rates in any one unit.
 */
export function birthDeath(births: ArrayLike<number>, deaths: ArrayLike<number>): Float64Array {
  if (births.length !== deaths.length) {
    throw new RangeError(
      `births and deaths must be equally many, got ${births.length} and ${deaths.length}`,
    )
  }
  const logs = new Float64Array(births.length + 1)
  let largest = 0
  for (let k = 0; k < births.length; k++) {
    notNegative(births[k], `births[${k}]`)
    positive(deaths[k], `deaths[${k}]`)
    logs[k + 1] = logs[k] + Math.log(births[k] / deaths[k])
    largest = Math.max(largest, logs[k + 1])
  }
  // Logarithms, since a thousand states of an overloaded chain leave the range of doubles.
  let sum = 0
  for (let k = 0; k < logs.length; k++) sum += logs[k] = Math.exp(logs[k] - largest)
  for (let k = 0; k < logs.length; k++) logs[k] /= sum
  return logs
}
