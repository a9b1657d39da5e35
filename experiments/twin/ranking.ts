import type { RunResult } from '../../simulator/result.ts'
import { pairedInterval } from '../../simulator/statistics/interval.ts'
import type { Finding } from './findings.ts'

/** By what strategies are ranked; less is better. */
export const RANKED = ['mean', 'p99', 'failed'] as const
export type Ranked = (typeof RANKED)[number]

/** Whether both worlds rank the strategies the same by one figure. */
export interface Ranking {
  readonly figure: Ranked
  /** Best first, by the mean over the runs. */
  readonly predicted: readonly string[]
  readonly measured: readonly string[]
  /** Pairs of strategies of which both worlds can tell which is better, and say the same; or say the contrary. */
  readonly same: number
  readonly contrary: readonly string[]
  /** Pairs of which one world or both cannot tell: the interval of their difference over the runs has 0 inside, or there is one run only. */
  readonly tied: number
}

export function rankingOf(figure: Ranked, findings: readonly Finding[]): Ranking {
  const measured = findings.map(({ pairs }) => pairs.map((pair) => valueOf(pair.measured, figure)))
  const predicted = findings.map(({ pairs }) =>
    pairs.map((pair) => meanOf(pair.predicted.map((run) => valueOf(run, figure)))),
  )
  let same = 0
  let tied = 0
  const contrary: string[] = []
  for (let a = 0; a < findings.length; a++) {
    for (let b = a + 1; b < findings.length; b++) {
      const [ours, theirs] = [predicted, measured].map((table) => better(table[a], table[b]))
      if (ours === 0 || theirs === 0) tied++
      else if (ours === theirs) same++
      else contrary.push(`${findings[a].strategy} and ${findings[b].strategy}`)
    }
  }
  const order = (table: readonly (readonly number[])[]): string[] => {
    const means = table.map(meanOf)
    return findings
      .map(({ strategy }, i) => ({ strategy, mean: means[i] }))
      .sort((x, y) => x.mean - y.mean)
      .map(({ strategy }) => strategy)
  }
  return { figure, predicted: order(predicted), measured: order(measured), same, contrary, tied }
}

/** -1: the first is better; 1: the second; 0: nobody can tell. */
function better(first: readonly number[], second: readonly number[]): number {
  if (first.length < 2 || ![...first, ...second].every(Number.isFinite)) return 0
  const { high, low } = pairedInterval(first, second)
  return low > 0 ? -1 : high < 0 ? 1 : 0
}

function valueOf({ requests }: RunResult, figure: Ranked): number {
  const { count, latency, outcomes } = requests
  if (figure === 'failed') return count > 0 ? 1 - outcomes.ok / count : 0
  return latency?.[figure] ?? Infinity
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
