import { CONFIDENCE } from '../../simulator/statistics/interval.ts'
import { type Cell, type Column, columnsOf, drawColumns, widthOf } from '../live/columns.ts'
import { clip, plural, wrap, wrapWords, paragraphs } from '../../simulator/format.ts'
import type { Paint } from '../live/paint.ts'
import * as cells from './cells.ts'
import { drawDistribution } from './chart.ts'
import { closingOf } from './closing.ts'
import type { Standing } from '../../simulator/study/comparison.ts'
import type { Study } from '../../simulator/study/study.ts'
import { remarksOf } from '../../simulator/study/remarks.ts'
import { verdictWords } from '../../simulator/study/verdict-words.ts'
import { spanOf, wordsOf } from '../../simulator/study/words.ts'

export interface Page {
  readonly width: number
  readonly paint: Paint
  /** The terminal has letters only. */
  readonly ascii: boolean
}

const [NARROWEST, WIDEST] = [60, 200]

/** For a person: what was run, the table, verdicts, how response times are spread, and how sure it is. */
export function humanReport(found: Study, page: Page): string {
  const width = Math.min(WIDEST, Math.max(NARROWEST, page.width))
  const { paint } = page
  const { standings } = found
  const closing = closingOf(found)
  const parts =
    standings.length === 0
      ? [['Stopped before the first replication of every strategy was done: nothing is known.']]
      : [
          table(standings, width, paint),
          remarksOf(found).flatMap((each) =>
            wrapWords(each.text, width).map((line) => paint(each.tone, line)),
          ),
          standings.length > 1 && found.steadiness !== 'overloaded'
            ? verdicts(found, width, paint)
            : [],
          drawDistribution(standings, width, paint, page.ascii),
          closing === '' ? [] : wrapWords(closing, width).map((line) => paint('strong', line)),
        ]
  return paragraphs([head(found, width, paint), ...parts])
}

function head({ question, scenario, seeds }: Study, width: number, paint: Paint): string[] {
  const { duration, name, seed, warmup = 0 } = scenario
  const how = question.warmup === 'auto' && warmup > 0 ? ' (found by MSER-5)' : ''
  const cut = warmup > 0 ? [`the first ${spanOf(warmup)} left out${how}`] : []
  const runs = [plural(seeds.length, 'replication'), `${spanOf(duration)} each`]
  return [
    paint('strong', clip(name, width)),
    ...wrap('', wordsOf(scenario), width),
    ...wrap('', [...runs, ...cut, `seed ${seed}`], width),
  ]
}

/** One table where there is room, else one for times and one for the rest. */
function table(standings: readonly Standing[], width: number, paint: Paint): string[] {
  const titles = ['mean', 'p50', 'p95', 'p99', 'p99.9']
  const times = columnsOf('right', ...titles)
  const measured = standings.map(({ figures }) => cells.times(figures))
  const inline = measured.map((row) => row.map(cells.together))
  const rest = columnsOf('right', 'errors', 'Jain', 'share', 'retries', 'busy')
  const others = standings.map((each): Cell[] => [
    errorCell(each),
    cells.jain(each),
    cells.shareRange(each),
    cells.retries(each),
    cells.plainShare(each.figures.utilization),
  ])
  const draw = (columns: readonly Column[], rows: readonly (readonly Cell[])[]): string[] =>
    named('ms', standings, columns, rows, width, paint)
  const all = inline.map((row, i) => [...row, ...others[i]])
  const longest = Math.max(...standings.map(({ label }) => label.length))
  if (longest + 2 + widthOf([...times, ...rest], all) <= width)
    return draw([...times, ...rest], all)
  const fits = SHORTEST_NAME + 2 + widthOf(times, inline) <= width
  const first = fits ? draw(times, inline) : stacked(times, standings, measured, width, paint)
  return [...first, '', ...named('', standings, rest, others, width, paint)]
}

/** What a name may be cut to. */
const SHORTEST_NAME = 20

/** A table with names in front, cut to the room that is left. */
function named(
  title: string,
  standings: readonly Standing[],
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number,
  paint: Paint,
): string[] {
  // Columns can still move together, by one each, before a name has to be cut.
  const room = Math.max(8, width - widthOf(columns, rows) - 2 + columns.length)
  const whole = rows.map((row, i) => [clip(standings[i].label, room), ...row])
  return drawColumns([...columnsOf('left', title), ...columns], whole, width, paint)
}

/** Intervals below their figures. */
function stacked(
  columns: readonly Column[],
  standings: readonly Standing[],
  measured: readonly (readonly cells.Measured[])[],
  width: number,
  paint: Paint,
): string[] {
  const values = measured.map((row) => row.map(({ value }) => value))
  const halves = measured.map((row) => row.map(({ half }): Cell => ({ text: half, tone: 'faint' })))
  const room = Math.max(8, width - widthOf(columns, [...values, ...halves]) - 2)
  const rows = values.flatMap((row, i): Cell[][] => [
    [clip(standings[i].label, room), ...row],
    ['', ...halves[i]],
  ])
  return drawColumns([...columnsOf('left', 'ms'), ...columns], rows, width, paint)
}

function errorCell(standing: Standing): Cell {
  const text = cells.plainShare(standing.figures.errors, 2)
  return (standing.figures.errors?.mean ?? 0) > 0 ? { text, tone: 'warn' } : text
}

function verdicts({ seeds, standings }: Study, width: number, paint: Paint): string[] {
  const [first, ...others] = standings
  const named = Math.min(34, Math.max(...others.map(({ label }) => label.length)))
  const against = `Against ${first.label} · ${plural(seeds.length, 'pair')}, ${CONFIDENCE * 100} % intervals`
  const lines = others.flatMap((other) => {
    const all = verdictWords(other, first)
    return all.map(({ text, title, tone }, i) => {
      const name = i === 0 ? clip(other.label, named) : ''
      const room = width - named - 10
      return `${name.padEnd(named)}  ${title.padEnd(6)}  ${paint(tone, clip(text, room))}`.trimEnd()
    })
  })
  return [paint('strong', clip(against, width)), ...lines]
}
