import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { paintFor } from '../live/paint.ts'
import { print } from '../live/print.ts'
import type { Study } from '../../simulator/study/study.ts'
import { type Curve, curvesOf, type Outcome } from './curves.ts'
import type { Judge } from './formats.ts'
import type { ReportFlags } from './options.ts'
import type { Sweep } from './plan.ts'
import { csvReport } from './report-csv.ts'
import { humanReport } from './report-human.ts'
import { jsonReport } from './report-json.ts'
import { markdownReport } from './report-markdown.ts'
import { againstBest } from './winners.ts'

/** All that is told of a sweep. */
export interface Found {
  readonly sweep: Sweep
  readonly judge: Judge
  readonly outcomes: readonly Outcome[]
  readonly curves: readonly Curve[]
  readonly interrupted: boolean
}

export function foundOf(
  sweep: Sweep,
  studies: readonly Study[],
  { against, metric }: ReportFlags,
): Found {
  const outcomes = sweep.cells.map((cell, i): Outcome => {
    const found = against === 'best' ? againstBest(studies[i], metric) : studies[i]
    return { cell, found }
  })
  return {
    sweep,
    judge: metric,
    outcomes,
    curves: curvesOf(outcomes, metric),
    interrupted: studies.some(({ interrupted }) => interrupted),
  }
}

const WIDTH_OF_A_PIPE = 100

/** On standard output, and in files where a folder was named. */
export async function tell(found: Found, { format, out }: ReportFlags): Promise<void> {
  const { stdout } = process
  const width = stdout.isTTY ? stdout.columns || 80 : WIDTH_OF_A_PIPE
  const text = {
    human: () => humanReport(found, width, paintFor(stdout, process.env)),
    json: () => jsonReport(found),
    csv: () => csvReport(found),
    markdown: () => markdownReport(found),
  }[format]()
  await print(text)
  if (out === undefined) return
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, 'result.json'), jsonReport(found))
  writeFileSync(join(out, 'table.md'), markdownReport(found))
  writeFileSync(join(out, 'runs.csv'), csvReport(found))
}
