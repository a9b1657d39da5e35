import type { ChartConfiguration } from 'chart.js'
import { Plot } from '../../plots/plot.tsx'
import type { Theme } from '../../plots/theme.ts'
import { timeOptions } from '../../plots/time-options.ts'
import { type Slice, SLICES } from '../../race/frame.ts'
import { duration, percent, tick } from '../../shell/words.ts'
import { player, setup, strategyNames } from '../lab.ts'
import { clock } from '../transport.tsx'
import { spanTick, strokeOf } from './look.ts'
import { Numbers, type Table } from './numbers.tsx'

/** With what failed below it, as high as the distribution beside it. */
const HEIGHT = 190
const ERRORS = 96

/** How the run went, in sixtieths of it: the slowest hundredth of each, and what failed in it. */
export function OverTime() {
  const failed = player.shown.value?.lanes.some((lane) => lane.failed > 0) === true
  return (
    <section class="card chart" aria-label="Over the run">
      <div class="chart-head">
        <h2>Over the run</h2>
        <p class="muted small">
          p99 of each sixtieth of it{failed ? '; below, the share that failed' : ''}
        </p>
      </div>
      <Plot
        height={HEIGHT + (failed ? 0 : ERRORS)}
        label={`p99 over the run. ${lastInWords()}`}
        draw={(theme) => configure(theme, ({ p99 }) => p99, true)}
        key={failed ? 'short' : 'tall'}
      />
      {failed && (
        <Plot
          height={ERRORS}
          label="Errors over the run"
          draw={(theme) => configure(theme, ({ errors }) => errors, false)}
        />
      )}
      <Numbers label="Over the run" table={() => tableOf(failed)} />
    </section>
  )
}

function configure(
  theme: Theme,
  of: (slice: Slice) => number | null,
  log: boolean,
): ChartConfiguration {
  const lanes = player.shown.value?.lanes ?? []
  const { duration: whole, events = [] } = setup.value.scenario
  const names = strategyNames.value
  const width = whole / SLICES
  const datasets: object[] = lanes.map(({ label, slices }, place) => {
    const { colour, dash } = strokeOf(theme, names, place)
    const data = slices.map((slice, i) => {
      const y = of(slice)
      return { x: (i + 0.5) * width, y: y === null || (log && y <= 0) ? NaN : y }
    })
    return { label, data, borderColor: colour, borderDash: dash, borderWidth: 1.75 }
  })
  const options = timeOptions(theme, {
    from: 0,
    to: whole,
    origin: 0,
    log,
    value: log ? spanTick : shareTick,
    ...(log ? {} : { least: 0.01 }),
  })
  Object.assign(options.scales!['x']!, {
    ticks: {
      color: theme.muted,
      font: { family: theme.font, size: theme.letters },
      maxRotation: 0,
      maxTicksLimit: 7,
      callback: (value: number) => timeTick(value, whole),
    },
    afterBuildTicks: undefined,
  })
  if (lanes.every(({ slices }) => slices.length === 0) && log) {
    Object.assign(options.scales!['y']!, { min: 1, max: 1000 })
  }
  const plugins = [
    eventsAt(
      events.map(({ at }) => at),
      theme,
    ),
  ]
  return { type: 'line', data: { datasets }, options, plugins } as unknown as ChartConfiguration
}

function shareTick(share: number): string {
  return `${tick(share * 100)} %`
}

/** All of an axis in one unit. */
function timeTick(time: number, whole: number): string {
  return whole < 1000 ? `${tick(time)} ms` : `${tick(time / 1000)} s`
}

/** The same in numbers: what is over of the run, and of each lane its p99 and what failed. */
function tableOf(failed: boolean): Table {
  const lanes = player.shown.value?.lanes ?? []
  const width = setup.value.scenario.duration / SLICES
  const count = Math.max(0, ...lanes.map(({ slices }) => slices.length))
  const rows = Array.from({ length: count }, (_, i) => [
    clock((i + 1) * width),
    ...lanes.flatMap(({ slices }) => {
      const slice = slices.at(i)
      const errors = slice?.errors ?? null
      const p99 = slice?.p99 ?? null
      const span = p99 === null ? '–' : duration(p99).join(' ')
      return failed ? [span, errors === null ? '–' : percent(errors)] : [span]
    }),
  ])
  const head = lanes.flatMap(({ label }) =>
    failed ? [`${label} p99`, `${label} failed`] : [`${label} p99`],
  )
  return { head: ['Until', ...head], rows }
}

/** A line where something happens. */
function eventsAt(times: readonly number[], theme: Theme): object {
  return {
    id: 'events',
    beforeDatasetsDraw(chart: import('chart.js').Chart) {
      const { bottom, left, right, top } = chart.chartArea
      const { ctx } = chart
      ctx.save()
      ctx.strokeStyle = theme.muted
      ctx.setLineDash([2, 3])
      for (const time of times.slice(0, 100)) {
        const x = Math.round(chart.scales['x'].getPixelForValue(time)) + 0.5
        if (x < left || x > right) continue
        ctx.beginPath()
        ctx.moveTo(x, top)
        ctx.lineTo(x, bottom)
        ctx.stroke()
      }
      ctx.restore()
    },
  }
}

function lastInWords(): string {
  const lanes = player.shown.value?.lanes ?? []
  return lanes
    .flatMap(({ label, slices }) => {
      const p99 = slices.at(-1)?.p99 ?? null
      return p99 === null ? [] : [`${label}: lately ${duration(p99).join(' ')}`]
    })
    .join('; ')
}
