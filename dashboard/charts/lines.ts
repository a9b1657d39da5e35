import type { LineChart, Series } from './chart.ts'
import { DASHES, lookOf } from './palette.ts'
import { type Scale, scaleOf, written } from './scale.ts'
import { element, picture, pixels, text, widthOf } from './svg.ts'

const WIDTH = 720
const HEIGHT = 392
const TOP = 52
const BOTTOM = 48
const LEFT = 56
/** From one name at the right end of its line to the next. */
const LINE = 15

/** Lines with a band around each, their names at their right ends. */
export function drawLines(chart: LineChart, styled: boolean): string {
  const { series, marks = [], x, y } = chart
  const right = WIDTH - 16 - Math.max(...series.map(({ label }) => widthOf(label) + 12))
  const bottom = HEIGHT - BOTTOM
  const points = series.flatMap((each) => each.points)
  const xs = [...points.map((point) => point.x), ...marks.flatMap((mark) => mark.x ?? [])]
  const ys = points.flatMap(({ mean, low = mean, high = mean }) => [mean, low, high])
  const across = scaleOf({ from: Math.min(...xs), to: Math.max(...xs), ...x }, xs, LEFT, right)
  const up = scaleOf(y, [...ys, ...marks.flatMap((mark) => mark.y ?? [])], bottom, TOP)
  return picture(chart.title, WIDTH, HEIGHT, styled, [
    ...up.ticks.flatMap((tick) => [
      element('line', { class: 'rule', x1: LEFT, x2: right, y1: up.at(tick), y2: up.at(tick) }),
      text(LEFT - 8, up.at(tick) + 4, written(tick, y.percent), {
        class: 'muted',
        'text-anchor': 'end',
      }),
    ]),
    ...across.ticks.flatMap((tick) => [
      element('line', {
        class: 'mark',
        x1: across.at(tick),
        x2: across.at(tick),
        y1: bottom,
        y2: bottom + 4,
      }),
      text(across.at(tick), bottom + 18, written(tick, x.percent), {
        class: 'muted',
        'text-anchor': 'middle',
      }),
    ]),
    text(8, 20, y.label),
    text(right, HEIGHT - 10, x.label, { 'text-anchor': 'end' }),
    ...marks.flatMap((mark) => {
      const line = { class: 'mark', 'stroke-dasharray': '3 3' }
      if (mark.x !== undefined) {
        const at = across.at(mark.x)
        return [
          element('line', { ...line, x1: at, x2: at, y1: TOP, y2: bottom }),
          text(Math.max(at, LEFT + widthOf(mark.label) / 2), TOP - 8, mark.label, {
            class: 'muted',
            'text-anchor': at > (LEFT + 2 * right) / 3 ? 'end' : 'middle',
          }),
        ]
      }
      const at = up.at(mark.y!)
      return [
        element('line', { ...line, x1: LEFT, x2: right, y1: at, y2: at }),
        text(LEFT + 4, at - 4, mark.label, { class: 'muted' }),
      ]
    }),
    ...series.map((each) => band(each, across, up)),
    ...series.map((each) => line(each, across, up)),
    ...names(series, up, bottom).map(({ colour, label, y }) =>
      text(right + 8, y, label, { class: `f${colour}` }),
    ),
  ])
}

function band(series: Series, across: Scale, up: Scale): string {
  const edge = (end: 'low' | 'high'): string[] =>
    series.points.map(
      (point) => `${pixels(across.at(point.x))} ${pixels(up.at(point[end] ?? point.mean))}`,
    )
  const d = `M${[...edge('high'), ...edge('low').toReversed()].join('L')}Z`
  return element('path', { class: `f${colourOf(series)}`, 'fill-opacity': '0.18', d })
}

function line(series: Series, across: Scale, up: Scale): string {
  const { dash, points, strategy } = series
  const d = `M${points.map(({ mean, x }) => `${pixels(across.at(x))} ${pixels(up.at(mean))}`).join('L')}`
  const strokes = DASHES[dash ?? lookOf(strategy).dash]
  return element('path', {
    class: `s${colourOf(series)}`,
    fill: 'none',
    'stroke-width': 2,
    'stroke-linejoin': 'round',
    'stroke-dasharray': strokes === '' ? undefined : strokes,
    d,
  })
}

function colourOf({ colour, strategy }: Series): number {
  return colour ?? lookOf(strategy).colour
}

interface Name {
  readonly label: string
  readonly colour: number
  y: number
}

/** Each beside the end of its line, or as near as the others let it be. */
function names(series: readonly Series[], up: Scale, bottom: number): Name[] {
  const placed = series
    .map((each) => ({
      label: each.label,
      colour: colourOf(each),
      y: up.at(each.points.at(-1)!.mean) + 4,
    }))
    .toSorted((a, b) => a.y - b.y)
  for (let i = 1; i < placed.length; i++)
    placed[i].y = Math.max(placed[i].y, placed[i - 1].y + LINE)
  // What was pushed out at the bottom pushes back.
  let floor = bottom + 4
  for (const name of placed.toReversed()) {
    name.y = Math.min(name.y, floor)
    floor = name.y - LINE
  }
  return placed
}
