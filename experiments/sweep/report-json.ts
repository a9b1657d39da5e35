import { VERSION } from '../../proxy/admin/version.ts'
import { jsonResult } from '../../simulator/study/report-json.ts'
import { titleOf, turnsOf } from './curves.ts'
import type { Found } from './report.ts'

/** For programs: of each cell what `evenkeel sim` would say of it, without the histograms. No clock, no path: the same sweep gives the same bytes. */
export function jsonReport({ curves, interrupted, judge, outcomes, sweep }: Found): string {
  const result = {
    evenkeel: VERSION,
    sweep: sweep.id,
    metric: judge,
    interrupted,
    cells: outcomes.map(({ cell, found }) => ({
      vary: cell.vary,
      ...jsonResult(found, VERSION, true),
      evenkeel: undefined,
    })),
    curves: curves.map((curve) => ({
      scenario: curve.scenario,
      title: titleOf(curve),
      vary: curve.axis,
      fixed: curve.fixed,
      points: curve.points.map(({ leaders, standings, value }) => ({
        value,
        best: leaders,
        figures: Object.fromEntries(
          standings.map(({ figures, label }) => [label, figures[judge]?.mean ?? null]),
        ),
      })),
      turns: turnsOf(curve),
    })),
  }
  return `${JSON.stringify(result, undefined, 2)}\n`
}
