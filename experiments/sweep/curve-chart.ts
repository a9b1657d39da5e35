import type { Paint } from '../live/paint.ts'
import { clip } from '../../simulator/format.ts'
import type { Curve } from './curves.ts'

const HEIGHT = 11
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
/** Where two meet. */
const SEVERAL = '*'
const WIDEST = 72
/** By how much the highest must be above the lowest for the axis to be logarithmic. */
const FAR = 8

interface Dot {
  readonly value: number
  readonly figure: number
}

/** A curve a strategy over the values of a number, each with a letter; empty where there is no curve to draw. */
export function drawCurves(curve: Curve, width: number, paint: Paint): string[] {
  const { judge, numeric, points } = curve
  if (!numeric || points.length < 2) return []
  const labels = points[0].standings.map(({ label }) => label).slice(0, LETTERS.length)
  const dots = labels.map((label): Dot[] =>
    points.flatMap(({ standings, value }) => {
      const figure = standings.find((each) => each.label === label)?.figures[judge]
      return figure ? [{ value: value as number, figure: figure.mean }] : []
    }),
  )
  const figures = dots.flat().map(({ figure }) => figure)
  const [low, high] = [Math.min(...figures), Math.max(...figures)]
  if (figures.length === 0 || low === high) return []
  const log = low > 0 && high / low > FAR
  const scaled = (figure: number): number => (log ? Math.log(figure) : figure)
  const row = (figure: number): number =>
    Math.round(((scaled(high) - scaled(figure)) / (scaled(high) - scaled(low))) * (HEIGHT - 1))
  const marks = [shown(high), shown(low)]
  const margin = Math.max(...marks.map((each) => each.length)) + 1
  const columns = Math.max(20, Math.min(WIDEST, width - margin - 2))
  const [from, to] = [points[0].value as number, points.at(-1)!.value as number]
  const column = (value: number): number =>
    Math.round(((value - from) / (to - from)) * (columns - 1))
  const grid = Array.from({ length: HEIGHT }, () => Array.from({ length: columns }, () => ' '))
  for (const [i, all] of dots.entries()) drawLine(grid, all, column, (dot) => row(dot.figure), i)
  const lines = grid.map((cells, y) => {
    const mark = y === 0 ? marks[0] : y === HEIGHT - 1 ? marks[1] : ''
    const text = cells.join('').trimEnd()
    return `${paint('faint', `${mark.padStart(margin)} │`)}${text}`
  })
  const legend = labels.map((label, i) => `${LETTERS[i]} ${label}`).join('   ')
  const ends = `${String(from).padEnd(columns - String(to).length)}${to}`
  return [
    ...lines,
    paint('faint', `${' '.repeat(margin)} └${'─'.repeat(columns)}`),
    paint('faint', `${' '.repeat(margin)}  ${ends}`),
    clip(`${' '.repeat(margin)}  ${legend}${log ? '   (logarithmic)' : ''}`, width),
  ]
}

/** Dots first, so that no letter is under one. */
function drawLine(
  grid: string[][],
  dots: readonly Dot[],
  column: (value: number) => number,
  row: (dot: Dot) => number,
  index: number,
): void {
  for (let i = 1; i < dots.length; i++) {
    const [a, b] = [dots[i - 1], dots[i]]
    const [left, right] = [column(a.value), column(b.value)]
    for (let x = left + 1; x < right; x++) {
      const y = Math.round(row(a) + ((row(b) - row(a)) * (x - left)) / (right - left))
      if (grid[y][x] === ' ') grid[y][x] = '·'
    }
  }
  for (const dot of dots) {
    const [x, y] = [column(dot.value), row(dot)]
    const before = grid[y][x]
    grid[y][x] = before === ' ' || before === '·' ? LETTERS[index] : SEVERAL
  }
}

function shown(figure: number): string {
  return figure >= 100 ? figure.toFixed(0) : String(Number(figure.toPrecision(3)))
}
