import { plural, wrap, wrapWords, paragraphs } from '../../simulator/format.ts'
import { offeredLoad } from '../../simulator/offered-load.ts'
import { remarksOf } from '../../simulator/study/remarks.ts'
import { verdictOn } from '../../simulator/study/verdict-words.ts'
import { wordsOf } from '../../simulator/study/words.ts'
import { type Cell, columnsOf, drawColumns } from '../live/columns.ts'
import type { Paint } from '../live/paint.ts'
import * as figures from '../sim/cells.ts'
import { drawCurves } from './curve-chart.ts'
import { type Curve, type Outcome, titleOf, turnsOf } from './curves.ts'
import type { Judge } from './formats.ts'
import { figureCells, figureTitles, headOf, runsWords, variationWords } from './parts.ts'
import type { Found } from './report.ts'
import { flat } from './vary.ts'
import { metricOf } from './winners.ts'

const [NARROWEST, WIDEST] = [60, 200]
/** More of them nobody looks at. */
const MOST_CHARTS = 4

/** For a person: a table a comparison, and of what is varied the curve, with the places where another is best. */
export function humanReport(found: Found, given: number, paint: Paint): string {
  const width = Math.min(WIDEST, Math.max(NARROWEST, given))
  const { curves, judge, outcomes } = found
  const parts = [[paint('strong', headOf(found))]]
  let before = ''
  const begun = outcomes.filter(({ found: { standings } }) => standings.length > 0)
  if (begun.length < outcomes.length) {
    const none = `Stopped: of ${plural(outcomes.length - begun.length, 'comparison')} nothing is known.`
    parts.push([paint('warn', none)])
  }
  for (const outcome of begun) {
    const { name } = outcome.found.scenario
    parts.push(comparison(outcome, name !== before, judge, width, paint))
    before = name
  }
  for (const curve of curves) parts.push(curvePart(curve, curves, width, paint))
  return paragraphs(parts)
}

function comparison(
  { cell, found }: Outcome,
  first: boolean,
  judge: Judge,
  width: number,
  paint: Paint,
): string[] {
  const { scenario } = found
  const words = variationWords(cell.vary)
  const title = [scenario.name, words].filter((each) => each !== '').join(' · ')
  const load = offeredLoad(scenario)
  const told = load === undefined ? '' : ` · load ${load === Infinity ? '∞' : load.toFixed(2)}`
  const head = [
    paint('strong', title),
    ...(first ? wrap('', wordsOf(scenario), width) : []),
    `${runsWords(found)}${first ? '' : told}`,
  ]
  const remarks = remarksOf(found).flatMap((each) =>
    wrapWords(each.text, width).map((line) => paint(each.tone, line)),
  )
  return [...head, ...table(found, judge, width, paint), ...remarks]
}

function table(
  { standings }: Outcome['found'],
  judge: Judge,
  width: number,
  paint: Paint,
): string[] {
  const [best] = standings
  const against = standings.length > 1 ? `${metricOf(judge).title} against ${best.label}` : ''
  const rows = standings.map((standing, i): Cell[] => {
    const { text, tone } =
      i === 0 ? { text: '', tone: 'plain' as const } : verdictOn(judge, standing, best)
    return [standing.label, ...figureCells(standing, judge), { text, tone }]
  })
  const columns = [
    ...columnsOf('left', 'ms'),
    ...columnsOf('right', ...figureTitles(judge)),
    ...columnsOf('left', against),
  ]
  return drawColumns(columns, rows, width, paint)
}

function curvePart(curve: Curve, all: readonly Curve[], width: number, paint: Paint): string[] {
  const { axis, judge, points, scenario } = curve
  const several = new Set(all.map((each) => each.scenario)).size > 1
  const title = `${several ? `${scenario} · ` : ''}${titleOf(curve)}`
  const labels = points[0].standings.map(({ label }) => label)
  const rows = points.map(({ leaders, standings, value }): Cell[] => [
    flat(value),
    ...labels.map((label): Cell => {
      const standing = standings.find((each) => each.label === label)
      const text = standing === undefined ? '' : figures.figure(standing.figures, judge)
      const mark = !leaders.includes(label) ? ' ' : leaders.length === 1 ? '*' : '~'
      const cell = `${text} ${mark}`
      return mark === '*' ? { text: cell, tone: 'good' } : cell
    }),
  ])
  // One curve is drawn; of many, tables say enough.
  const chart = all.length <= MOST_CHARTS ? drawCurves(curve, width, paint) : []
  const columns = [
    ...columnsOf('right', axis),
    ...columnsOf('right', ...labels.map((each) => `${each}  `)),
  ]
  return [
    paint('strong', title),
    '',
    ...(chart.length > 0 ? [...chart, ''] : []),
    ...drawColumns(columns, rows, width, paint),
    paint('faint', '* best   ~ as good as the best, as far as these runs can tell'),
    '',
    ...wrapWords(turnsOf(curve), width).map((line) => paint('strong', line)),
  ]
}
