import type { Chart } from 'chart.js'
import { expect, test } from 'vitest'
import { type Mark, marks } from '../../../dashboard/plots/marks.ts'

/** What is drawn on a chart that is 100 pixels wide from 10 on, with a pixel a millisecond. */
function drawn(given: readonly Mark[]): string[] {
  const lines: string[] = []
  const ctx = {
    strokeStyle: '',
    lineWidth: 0,
    save() {},
    restore() {},
    beginPath() {},
    moveTo: (x: number, y: number) => lines.push(`${ctx.strokeStyle} ${ctx.lineWidth} ${x},${y}`),
    lineTo: (x: number, y: number) => lines.push(`to ${x},${y}`),
    stroke() {},
  }
  const chart = {
    chartArea: { left: 10, right: 110, top: 4, bottom: 60 },
    scales: { x: { getPixelForValue: (time: number) => time + 10 } },
    options: { plugins: { marks: { marks: given } } },
    ctx,
  } as unknown as Chart<'line'>
  marks.beforeDatasetsDraw!(chart, { cancelable: true }, {})
  return lines
}

test('what happened is a line from top to bottom, thicker where somebody looks at it', () => {
  expect(
    drawn([
      { x: 20, colour: 'grey', chosen: false },
      { x: 50, colour: 'black', chosen: true },
    ]),
  ).toEqual(['grey 1 30.5,4', 'to 30.5,60', 'black 2 60.5,4', 'to 60.5,60'])
})

test('what happened before or after the time that is shown is not drawn', () => {
  expect(
    drawn([
      { x: -3, colour: 'grey', chosen: false },
      { x: 101, colour: 'grey', chosen: false },
    ]),
  ).toEqual([])
})
