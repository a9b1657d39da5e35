import type { Plugin } from 'chart.js'

/** What is allowed at a time: from low to high. */
export interface BandPoint {
  readonly x: number
  readonly low: number
  readonly high: number
}

export interface Band {
  readonly points: readonly BandPoint[]
  readonly colour: string
  /** Drawn through the middle, dashed; where it is due to be. */
  readonly line: string
}

declare module 'chart.js' {
  // The library's own way of adding options of plugins.
  interface PluginOptionsByType<TType extends import('chart.js').ChartType> {
    bands?: { bands: readonly Band[] }
  }
}

/** What a law allows, behind the lines that it is about. */
export const bands: Plugin<'line'> = {
  id: 'bands',

  beforeDatasetsDraw(chart) {
    const given = (chart.options.plugins?.bands?.bands ?? []) as readonly Band[]
    const { ctx, chartArea } = chart
    const { x, y } = chart.scales
    ctx.save()
    ctx.beginPath()
    ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height)
    ctx.clip()
    for (const { colour, line, points } of given) {
      ctx.beginPath()
      for (const point of points)
        ctx.lineTo(x.getPixelForValue(point.x), y.getPixelForValue(point.high))
      for (const point of points.toReversed()) {
        ctx.lineTo(x.getPixelForValue(point.x), y.getPixelForValue(point.low))
      }
      ctx.closePath()
      ctx.fillStyle = colour
      ctx.fill()
      ctx.beginPath()
      for (const { high, low, x: time } of points) {
        ctx.lineTo(x.getPixelForValue(time), y.getPixelForValue((low + high) / 2))
      }
      ctx.strokeStyle = line
      ctx.setLineDash([2, 4])
      ctx.stroke()
      ctx.setLineDash([])
    }
    ctx.restore()
  },
}
