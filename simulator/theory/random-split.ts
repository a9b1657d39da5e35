import { notNegative, positive } from '../statistics/preconditions.ts'
import { mg1Time } from './m-g-1.ts'

/**
 * A Poisson stream that is split by independent draws gives Poisson streams: each server is a queue of its own, M/G/1. Here `speeds`
 * are services a unit of time, one worker each, and `rate` is arrivals in the same unit.
 */

/**
 * What a request takes on average when server i gets the share `shares[i]`: sum of p_i T_i, each T_i by Pollaczek-Khinchine; for
 * exponential work (`scv` 1) sum of p_i / (mu_i - p_i L). Throws if any server gets more than it can do.
 */
export function splitTime(
  rate: number,
  speeds: readonly number[],
  shares: readonly number[],
  scv = 1,
): number {
  notNegative(rate, 'rate')
  if (shares.length !== speeds.length) {
    throw new RangeError(`shares must be as many as speeds, ${speeds.length}, got ${shares.length}`)
  }
  let time = 0
  let total = 0
  for (let i = 0; i < speeds.length; i++) {
    positive(speeds[i], `speeds[${i}]`)
    notNegative(shares[i], `shares[${i}]`)
    total += shares[i]
    const rho = (shares[i] * rate) / speeds[i]
    if (rho >= 1) {
      throw new RangeError(
        `speeds[${i}] must be above its part of the rate, ${shares[i] * rate}, got ${speeds[i]}: there is no steady state`,
      )
    }
    time += (shares[i] * mg1Time(rho, scv)) / speeds[i]
  }
  if (Math.abs(total - 1) > 1e-9) throw new RangeError(`shares must add up to 1, got ${total}`)
  return time
}

/** Shares in proportion to speed: all are equally busy, and exponential work takes n / (sum mu - L). */
export function proportionalShares(speeds: readonly number[]): number[] {
  const total = speeds.reduce((sum, speed, i) => sum + positive(speed, `speeds[${i}]`), 0)
  return speeds.map((speed) => speed / total)
}

/**
 * The shares with the least mean time, for exponential work: p_i L = mu_i - sqrt(mu_i) (sum mu - L) / sum sqrt(mu) over those servers for
 * which that is positive; fast ones get more than their part, the slowest may get nothing. Bell, Stidham, "Individual versus social
 * optimization in the allocation of customers to alternative servers", Management Science 29(7), 1983.
 */
export function optimalShares(rate: number, speeds: readonly number[]): number[] {
  positive(rate, 'rate')
  const order = speeds.map((speed, i) => (positive(speed, `speeds[${i}]`), i))
  order.sort((a, b) => speeds[b] - speeds[a])
  let speed = 0
  let roots = 0
  let factor = 0
  for (const i of order) {
    speed += speeds[i]
    roots += Math.sqrt(speeds[i])
    // The next one would get something as long as its root is above the factor that those before it leave.
    if (speed <= rate) continue
    if (factor > 0 && Math.sqrt(speeds[i]) <= factor) break
    factor = (speed - rate) / roots
  }
  if (factor === 0) {
    throw new RangeError(
      `rate must be below the sum of speeds, ${speed}, got ${rate}: there is no steady state`,
    )
  }
  return speeds.map((each) => Math.max(0, each - Math.sqrt(each) * factor) / rate)
}
