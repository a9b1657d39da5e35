import { drawBars } from './bars.ts'
import type { Chart } from './chart.ts'
import { drawLines } from './lines.ts'

export interface DrawOptions {
  /** Brings its colours along, for light and for dark: for a file of its own. Default true. A page has its own. */
  readonly styled?: boolean
}

/** The chart as SVG. The same data gives the same text. */
export function draw(chart: Chart, options: DrawOptions = {}): string {
  const styled = options.styled !== false
  return chart.kind === 'lines' ? drawLines(chart, styled) : drawBars(chart, styled)
}
