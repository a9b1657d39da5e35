import { signal } from '@preact/signals'
import type { Chart, ChartEvent, Plugin } from 'chart.js'

/** The time that somebody points at, the same in all charts of the page; undefined: at none. */
export const cursor = signal<number | undefined>(undefined)

/** A line through all charts at the time that is pointed at. */
export const crosshair: Plugin<'line'> = {
  id: 'crosshair',

  beforeEvent(chart, { event }: { event: ChartEvent }) {
    const { left, right } = chart.chartArea
    const { x } = event
    const type: string = event.type // The types know of no fingers.
    if (type === 'mouseout' || x === null || x < left || x > right) {
      if (type === 'mousemove' || type === 'mouseout') cursor.value = undefined
    } else if (type === 'mousemove' || type === 'touchmove' || type === 'touchstart') {
      cursor.value = chart.scales['x'].getValueForPixel(x)
    }
  },

  afterDatasetsDraw(chart) {
    const time = cursor.value
    if (time === undefined) return
    const { bottom, left, right, top } = chart.chartArea
    const x = Math.round(chart.scales['x'].getPixelForValue(time)) + 0.5
    if (x < left || x > right) return
    const { ctx } = chart
    ctx.save()
    ctx.strokeStyle = mutedOf(chart)
    ctx.setLineDash([3, 3])
    ctx.beginPath()
    ctx.moveTo(x, top)
    ctx.lineTo(x, bottom)
    ctx.stroke()
    ctx.restore()
  },
}

function mutedOf(chart: Chart): string {
  return chart.options.color as string // Set by timeOptions.
}
