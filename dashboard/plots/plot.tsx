import './plot.css'
import { effect, signal } from '@preact/signals'
import type { ChartConfiguration } from 'chart.js'
import { useEffect, useRef } from 'preact/hooks'
import { appearance, readTheme } from './appearance.ts'
import { cursor } from './cursor.ts'
import { Chart } from './registry.ts'
import type { Theme } from './theme.ts'

interface PlotProps {
  /** What the picture shows, in a sentence, for whoever does not see it. A table with its numbers belongs beside it. */
  readonly label: string
  /** In pixels where letters have their usual size; it grows with them. */
  readonly height: number
  /** Data in, Chart.js configuration out; it may keep nothing. */
  readonly draw: (theme: Theme) => ChartConfiguration
}

/**
 * A chart that follows its data: `draw` is called again whenever a signal that it read has changed, and what it gives is laid over the chart that
 * there is. Without animation, and not at all while the page is hidden or the chart far out of sight.
 */
export function Plot({ draw, height, label }: PlotProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const latest = useRef(draw)
  latest.current = draw

  useEffect(() => {
    let chart: Chart | undefined
    const seen = signal(true)
    // What is far from being seen is not drawn; what was there is, and is brought up to date on the way.
    const observer = new IntersectionObserver(
      (entries) => (seen.value = entries[entries.length - 1].isIntersecting),
      { rootMargin: '200px' },
    )
    observer.observe(canvas.current!)
    const endDrawing = effect(() => {
      void appearance.value // Also when light becomes dark, or the page is seen again.
      if (document.hidden || (!seen.value && chart !== undefined)) return
      const wanted = latest.current(readTheme())
      if (chart === undefined) chart = new Chart(canvas.current!, wanted)
      else update(chart, wanted)
    })
    const endPointing = effect(() => {
      void cursor.value
      if (!document.hidden && seen.peek()) chart?.draw()
    })
    return () => {
      observer.disconnect()
      endDrawing()
      endPointing()
      chart?.destroy()
    }
  }, [])

  return (
    <div class="plot" style={{ height: `${height / 16}rem` }}>
      <canvas ref={canvas} role="img" aria-label={label} />
    </div>
  )
}

function update(chart: Chart, { data, options }: ChartConfiguration): void {
  chart.data = data
  if (options !== undefined) chart.options = options
  chart.update('none')
}
