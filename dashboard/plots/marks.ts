import type { Plugin } from 'chart.js'

/** Something that happened at a time. */
export interface Mark {
  readonly x: number
  readonly colour: string
  /** It is the one that somebody looks at. */
  readonly chosen: boolean
}

declare module 'chart.js' {
  // The library's own way of adding options of plugins.
  interface PluginOptionsByType<TType extends import('chart.js').ChartType> {
    marks?: { marks: readonly Mark[] }
  }
}

/** A line at each time at which something happened, behind the data: what changed then is seen to change there. */
export const marks: Plugin<'line'> = {
  id: 'marks',

  beforeDatasetsDraw(chart) {
    const given = (chart.options.plugins?.marks?.marks ?? []) as readonly Mark[]
    const { bottom, left, right, top } = chart.chartArea
    const { ctx } = chart
    ctx.save()
    for (const { chosen, colour, x: time } of given) {
      const x = Math.round(chart.scales['x'].getPixelForValue(time)) + 0.5
      if (x < left || x > right) continue
      ctx.strokeStyle = colour
      ctx.lineWidth = chosen ? 2 : 1
      ctx.beginPath()
      ctx.moveTo(x, top)
      ctx.lineTo(x, bottom)
      ctx.stroke()
    }
    ctx.restore()
  },
}
