import { chiSquare, chiSquareSurvival } from './chi-square.ts'
import { CONFIDENCE } from './interval.ts'
import { chiSquareQuantile, lambdaFor, noncentralSurvival } from './noncentral.ts'
import { POWER } from './precision.ts'
import { between0and1, positive } from './preconditions.ts'

/** How rarely a gate closes on what is fair: once in a million. */
export const FALSE_ALARM = 1e-6
/** How surely it closes on what is off by as much as was asked. */
export const SURE = 0.99

/** A gate for shares: Pearson's test with its false alarm and its size stated beforehand. */
export interface Gate {
  readonly falseAlarm: number
  readonly power: number
  /** What the statistic must not exceed. */
  readonly limit: number
  /** Requests needed to see any one server off its due share by `off`. */
  readonly needed: number
}

/**
 * How many independent requests it takes to see one server off its due share by `off` (0.1: a tenth of it), the others having what it leaves,
 * by the noncentral chi-square: lambda is n off^2 w / (1 - w) for a server that is due w of all. The one due least needs most. Cohen,
 * "Statistical Power Analysis for the Behavioral Sciences", 2nd edition, 1988, 7.
 */
export function fairnessGate(
  weights: readonly number[],
  off: number,
  falseAlarm = FALSE_ALARM,
  power = SURE,
): Gate {
  positive(off, 'off')
  between0and1(power, 'power')
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const due = Math.min(...weights.filter((weight) => weight > 0)) / total
  const df = weights.filter((weight) => weight > 0).length - 1
  positive(df, 'servers less one')
  const limit = chiSquareQuantile(falseAlarm, df)
  const needed = Math.ceil(lambdaFor(limit, df, power) / ((off * off * due) / (1 - due)))
  return { falseAlarm, power, limit, needed }
}

/** The chance to see counts as uneven as these, or more, if each request goes to a server with the chance of its weight. */
export function fairnessChance(counts: readonly number[], weights: readonly number[]): number {
  // One that is due nothing must get nothing, and takes no part.
  if (counts.some((count, i) => count > 0 && weights[i] === 0)) return 0
  const among = weights.flatMap((weight, i) => (weight > 0 ? [i] : []))
  const statistic = chiSquare(
    among.map((i) => counts[i]),
    among.map((i) => weights[i]),
  )
  return chiSquareSurvival(statistic, among.length - 1)
}

/**
 * Jain's index of requests per weight, of one run, with an interval: it is 1 / (1 + c), and n c is Pearson's statistic, which is noncentral
 * chi-square with lambda n c of the true shares. Its interval is that of lambda (Venables, "Calculation of confidence intervals for
 * noncentrality parameters", Journal of the Royal Statistical Society B 37(3), 1975). Of unequal weights each counts as much as it is due.
 *
 * For requests that are sent independently of each other. A strategy that takes turns is more even than that, and the interval is too wide.
 */
export function fairnessInterval(
  counts: readonly number[],
  weights: readonly number[] = counts.map(() => 1),
  confidence = CONFIDENCE,
): { value: number; low: number; high: number } {
  const side = (1 - between0and1(confidence, 'confidence')) / 2
  const n = counts.reduce((sum, count) => sum + count, 0)
  const statistic = chiSquare(counts, weights)
  const df = counts.length - 1
  const index = (lambda: number): number => 1 / (1 + lambda / n)
  // Counts that are more even than chance would have them do not prove that shares are.
  const most = lambdaFor(Math.max(statistic, df), df, 1 - side)
  const least = lambdaFor(statistic, df, side)
  return { value: index(statistic), low: index(most), high: index(least) }
}

/** How many more requests until that interval will probably (4 in 5) leave out `limit`, if shares stay what they seem to be. */
export function moreForFairness(
  counts: readonly number[],
  weights: readonly number[],
  limit: number,
  confidence = CONFIDENCE,
): number {
  const side = (1 - between0and1(confidence, 'confidence')) / 2
  const n = counts.reduce((sum, count) => sum + count, 0)
  const df = counts.length - 1
  const [seen, asked] = [Math.max(0, chiSquare(counts, weights) - df) / n, 1 / limit - 1]
  if (seen === asked || !(asked > 0)) return Infinity
  // What the statistic must be above, or below, of so many, and how likely it will be.
  const tells = (size: number): boolean =>
    seen > asked
      ? noncentralSurvival(edge(side, df, size * asked), df, size * seen) >= POWER
      : noncentralSurvival(edge(1 - side, df, size * asked), df, size * seen) <= 1 - POWER
  let high = n
  while (!tells(high)) {
    high *= 2
    if (high > MOST) return Infinity
  }
  let low = high / 2
  while (high - low > high / 100) {
    const middle = (low + high) / 2
    if (tells(middle)) high = middle
    else low = middle
  }
  return Math.max(0, Math.ceil(high) - n)
}

/** More requests than that nobody sends. */
const MOST = 1e9

/** What the statistic is above with that chance. */
function edge(chance: number, df: number, lambda: number): number {
  let low = 0
  let high = df + lambda
  while (noncentralSurvival(high, df, lambda) > chance) high *= 2
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2
    if (noncentralSurvival(middle, df, lambda) > chance) low = middle
    else high = middle
  }
  return high
}
