import type { Bar, BarChart, Mark } from './chart.ts'
import { lookOf } from './palette.ts'
import { type Scale, scaleOf, written } from './scale.ts'
import { element, picture, text, widthOf } from './svg.ts'

const WIDTH = 720
const TOP = 28
const BOTTOM = 48
const ROW = 24
const HEADING = 26
const RIGHT = 72

/** A bar for each mean with a whisker for its interval; on a logarithmic axis, which has no 0 to start from, a dot. */
export function drawBars(chart: BarChart, styled: boolean): string {
  const { groups, marks = [], x } = chart
  const bars = groups.flatMap((group) => group.bars)
  const headings = groups.filter(({ label }) => label !== undefined).length
  const bottom = TOP + bars.length * ROW + headings * HEADING
  const height = bottom + BOTTOM
  const left = 24 + Math.max(...bars.map(({ label }) => widthOf(label)))
  const values = bars.flatMap(({ mean, low = mean, high = mean }) => [mean, low, high])
  const along = scaleOf(
    x,
    [...values, ...marks.flatMap((mark) => mark.x ?? [])],
    left,
    WIDTH - RIGHT,
  )
  const elements = [
    ...along.ticks.flatMap((tick) => [
      element('line', {
        class: 'rule',
        x1: along.at(tick),
        x2: along.at(tick),
        y1: TOP,
        y2: bottom,
      }),
      text(along.at(tick), bottom + 18, written(tick, x.percent), {
        class: 'muted',
        'text-anchor': 'middle',
      }),
    ]),
    text(WIDTH - RIGHT, height - 10, x.label, { 'text-anchor': 'end' }),
  ]
  let y = TOP
  for (const group of groups) {
    if (group.label !== undefined) {
      elements.push(text(8, y + 18, group.label, { class: 'muted' }))
      y += HEADING
    }
    for (const bar of group.bars) {
      elements.push(...row(bar, chart, along, left, y))
      y += ROW
    }
  }
  for (const mark of marks) {
    const at = along.at(mark.x!)
    elements.push(
      element('line', {
        class: 'mark',
        'stroke-dasharray': '3 3',
        x1: at,
        x2: at,
        y1: TOP,
        y2: bottom,
      }),
      text(at, TOP - 10, mark.label, { class: 'muted', 'text-anchor': 'middle' }),
    )
  }
  return picture(chart.title, WIDTH, height, styled, elements)
}

function row(
  bar: Bar,
  { marks = [], x }: BarChart,
  along: Scale,
  left: number,
  y: number,
): string[] {
  const { label, mean, low = mean, high = mean, strategy } = bar
  const { colour: own } = lookOf(strategy)
  const colour = bar.colour ?? own
  const middle = y + ROW / 2
  const end = along.at(mean)
  const figure = written(mean, x.percent)
  const value =
    x.scale === 'log'
      ? element('circle', { class: `f${colour}`, cx: end, cy: middle, r: 4 })
      : element('rect', {
          class: `f${colour}`,
          x: Math.min(left, end),
          y: y + 5,
          width: Math.abs(end - left),
          height: ROW - 10,
          'fill-opacity': '0.75',
        })
  return [
    text(left - 8, middle + 4, label, { 'text-anchor': 'end' }),
    value,
    element('line', {
      class: 'whisker',
      x1: along.at(low),
      x2: along.at(high),
      y1: middle,
      y2: middle,
      'stroke-width': 2,
    }),
    text(clear(Math.max(end, along.at(high)) + 8, figure, marks, along), middle + 4, figure),
  ]
}

/** Where a text may begin, from there on, without the line of a mark through it. */
function clear(from: number, words: string, marks: readonly Mark[], along: Scale): number {
  let x = from
  for (const at of marks.map((mark) => along.at(mark.x!)).toSorted((a, b) => a - b)) {
    if (at > x - 4 && at < x + widthOf(words) + 4) x = at + 8
  }
  return x
}
