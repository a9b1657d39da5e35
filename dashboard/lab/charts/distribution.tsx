import type { ChartConfiguration } from 'chart.js'
import { Plot } from '../../plots/plot.tsx'
import { fade, type Theme } from '../../plots/theme.ts'
import { timeOptions } from '../../plots/time-options.ts'
import { STRETCHED } from '../../race/frame.ts'
import { duration } from '../../shell/words.ts'
import { NAMED, placeOf } from './stretched.ts'
import { contenders, player, strategyNames } from '../lab.ts'
import { spanTick, strokeOf } from './look.ts'
import { Numbers, type Table } from './numbers.tsx'

const HEIGHT = 260

/** The whole distribution of response times, stretched towards its tail, where what people wait for is. */
export function Distribution() {
  return (
    <section class="card chart distribution" aria-label="How long requests take">
      <div class="chart-head">
        <h2>How long requests take</h2>
        <p class="muted small">all good answers so far, from the quickest to the slowest</p>
      </div>
      <Legend />
      <Plot height={HEIGHT} label={`Response times by percentile. ${inWords()}`} draw={configure} />
      <Numbers label="Response times" table={tableOf} />
    </section>
  )
}

function Legend() {
  return (
    <ul class="legend">
      {contenders.value.map(({ label }, place) => (
        <li key={label}>
          <Stroke place={place} />
          <span class="id">{label}</span>
        </li>
      ))}
    </ul>
  )
}

function Stroke({ place }: { readonly place: number }) {
  const theme = { series: [0, 1, 2, 3, 4, 5, 6, 7].map(String), text: '7' } as unknown as Theme
  const { colour, dash } = strokeOf(theme, strategyNames.value, place)
  return (
    <svg class="swatch" width="18" height="8" viewBox="0 0 18 8" aria-hidden="true">
      <path d="M0 4h18" data-series={colour} stroke-dasharray={dash.join(' ')} />
    </svg>
  )
}

function configure(theme: Theme): ChartConfiguration {
  const lanes = player.shown.value?.lanes ?? []
  const names = strategyNames.value
  const datasets = lanes.map(({ label, latency }, place) => {
    const { colour, dash } = strokeOf(theme, names, place)
    const data: { x: number; y: number }[] = []
    latency?.curve.forEach((y, i) => {
      if (y > 0) data.push({ x: placeOf(STRETCHED[i]), y })
    })
    return { label, data, borderColor: colour, borderDash: dash, borderWidth: 2 }
  })
  const options = timeOptions(theme, {
    from: 0,
    to: 4,
    origin: 0,
    log: true,
    value: spanTick,
  })
  const font = { family: theme.font, size: theme.letters }
  Object.assign(options.scales!, {
    x: {
      type: 'linear',
      min: 0,
      max: 4,
      border: { color: theme.rule },
      grid: { color: fade(theme.rule, 0.7), tickLength: 0 },
      ticks: {
        color: theme.muted,
        font,
        maxRotation: 0,
        autoSkip: false,
        padding: 8,
        callback: (value: number) =>
          NAMED.find(([share]) => Math.abs(placeOf(share) - value) < 1e-9)?.[1] ?? '',
      },
      afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
        axis.ticks = NAMED.map(([share]) => ({ value: placeOf(share) }))
      },
    },
  })
  if (datasets.every(({ data }) => data.length === 0)) {
    // The axes of what will come.
    Object.assign(options.scales!['y']!, { min: 1, max: 1000 })
  }
  return { type: 'line', data: { datasets }, options } as unknown as ChartConfiguration
}

function inWords(): string {
  const lanes = player.shown.value?.lanes ?? []
  return lanes
    .flatMap(({ label, latency }) =>
      latency === null
        ? []
        : [
            `${label}: p50 ${duration(latency.p50).join(' ')}, p99 ${duration(latency.p99).join(' ')}`,
          ],
    )
    .join('; ')
}

/** The same in numbers. */
function tableOf(): Table {
  const lanes = player.shown.value?.lanes ?? []
  const rows = lanes.map(({ label, latency }) => [
    label,
    latency === null ? '–' : duration(latency.mean).join(' '),
    ...NAMED.map(([share]) => {
      const at = STRETCHED.findIndex((each) => each >= share - 1e-9)
      const value = latency?.curve[at] ?? NaN
      return value > 0 ? duration(value).join(' ') : '–'
    }),
  ])
  return { head: ['Strategy', 'mean', ...NAMED.map(([, name]) => name)], rows }
}
