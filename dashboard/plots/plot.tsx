import './plot.css'
import { effect } from '@preact/signals'
import type { ChartConfiguration } from 'chart.js'
import { useEffect, useRef } from 'preact/hooks'
import { appearance, readTheme } from './appearance.ts'
import { cursor } from './cursor.ts'
import { Chart } from './registry.ts'
import type { Theme } from './theme.ts'

interface PlotProps {
  /** What the picture shows, in a sentence, for whoever does not see it. A table with its numbers belongs beside it. */
  readonly label: string
  /** In pixels. */
  readonly height: number
  /** Data in, Chart.js configuration out; it may keep nothing. */
  readonly draw: (theme: Theme) => ChartConfiguration
}

/**
 * A chart that follows its data: `draw` is called again whenever a signal that it read has changed, and what it gives is laid over the chart that
 * there is. Without animation, and not at all while the page is hidden.
 */
export function Plot({ draw, height, label }: PlotProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const latest = useRef(draw)
  latest.current = draw

  useEffect(() => {
    let chart: Chart | undefined
    const endDrawing = effect(() => {
      void appearance.value // Also when light becomes dark, or the page is seen again.
      if (document.hidden) return
      const wanted = latest.current(readTheme())
      if (chart === undefined) chart = new Chart(canvas.current!, wanted)
      else update(chart, wanted)
    })
    const endPointing = effect(() => {
      void cursor.value
      if (!document.hidden) chart?.draw()
    })
    return () => {
      endDrawing()
      endPointing()
      chart?.destroy()
    }
  }, [])

  return (
    <div class="plot" style={{ height: `${height}px` }}>
      <canvas ref={canvas} role="img" aria-label={label} />
    </div>
  )
}

function update(chart: Chart, { data, options }: ChartConfiguration): void {
  chart.data = data
  if (options !== undefined) chart.options = options
  chart.update('none')
}
