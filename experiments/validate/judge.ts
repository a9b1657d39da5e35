import { binomialCdf } from '../../simulator/statistics/beta.ts'
import { interval } from '../../simulator/statistics/interval.ts'
import type { Case } from './case.ts'

/** Of each interval. */
const CONFIDENCE = 0.99
/** The chance to be turned down although everything is right, of each of the two rules. */
const FALSE_ALARM = 1e-4

/** One line of the table. */
export interface Finding {
  readonly group: string
  readonly name: string
  readonly what: string
  readonly theory: number
  readonly allowance: number
  readonly simulated: number
  /** Half the width of the interval. */
  readonly half: number
  /** The interval, widened by what the theory may be off, covers the theory. */
  readonly covered: boolean
  /** So far off as would happen once in 10,000 tables like this. */
  readonly wild: boolean
}

export interface Verdict {
  readonly checks: number
  readonly misses: number
  /** With m intervals of 99 % m/100 miss, on average. */
  readonly expected: number
  /** More misses than these have a chance below 1 in 10,000. */
  readonly most: number
  readonly wild: number
  readonly passed: boolean
}

/** `values[check][replication]`; `total` is how many checks the table has, for what counts as wild. */
export function judge(
  { checks, group, name }: Case,
  values: readonly (readonly number[])[],
  total: number,
): Finding[] {
  return checks.map(({ allowance = 0, theory, what }, i) => {
    const { half, mean } = interval(values[i], CONFIDENCE)
    const distance = Math.abs(mean - theory) - allowance
    return {
      group,
      name,
      what,
      theory,
      allowance,
      simulated: mean,
      half,
      covered: distance <= half,
      wild: distance > interval(values[i], 1 - FALSE_ALARM / total).half,
    }
  })
}

/**
 * Two rules, stated before anything ran: no more misses than a binomial with that many tries and 1 % exceeds once in 10,000 times, and none that is
 * wild. Figures of one run resemble each other, so misses come in clusters: the first rule is a little stricter than it says.
 */
export function verdict(findings: readonly Finding[]): Verdict {
  const checks = findings.length
  const misses = findings.filter(({ covered }) => !covered).length
  const wild = findings.filter((finding) => finding.wild).length
  const most = mostMisses(checks)
  const expected = checks * (1 - CONFIDENCE)
  return { checks, misses, expected, most, wild, passed: misses <= most && wild === 0 }
}

/** The least k such that more than k of so many miss with a chance below `FALSE_ALARM`. */
export function mostMisses(checks: number): number {
  let k = 0
  while (1 - binomialCdf(k, checks, 1 - CONFIDENCE) >= FALSE_ALARM) k++
  return k
}
