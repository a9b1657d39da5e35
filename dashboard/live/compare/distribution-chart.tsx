import type { ChartConfiguration, Scale } from 'chart.js'
import type { LatencySummary } from '../../../proxy/core/snapshot.ts'
import { Plot } from '../../plots/plot.tsx'
import type { Theme } from '../../plots/theme.ts'
import { logTicks } from '../../plots/time-options.ts'
import { duration, tick } from '../../shell/words.ts'
import { curveOf } from './verdict.ts'

interface Props {
  readonly measured: LatencySummary | null
  readonly predicted: readonly (LatencySummary | null)[]
}

const NAMES: readonly (readonly [nines: number, name: string])[] = [
  [0, 'least'],
  [Math.log10(2), 'p50'],
  [1, 'p90'],
  [2, 'p99'],
  [3, 'p99.9'],
]

/** All percentiles of both, the axis stretched towards the tail. */
export function DistributionChart({ measured, predicted }: Props) {
  const [there, here] = [curveOf(predicted), curveOf([measured])]
  const p99 = (points: typeof here): string => {
    const at = points.find(({ x }) => x >= 2 - 1e-9)
    return at === undefined ? 'not known' : duration(at.y).join(' ')
  }
  return (
    <div>
      <p class="legend small">
        <span class="line solid" aria-hidden="true" /> measured
        <span class="line dashed" aria-hidden="true" /> predicted
      </p>
      <Plot
        height={240}
        label={`Response times by percentile. p99: measured ${p99(here)}, predicted ${p99(there)}.`}
        draw={(theme) => configured(theme, here, there)}
      />
    </div>
  )
}

type Points = ReturnType<typeof curveOf>

function configured(theme: Theme, measured: Points, predicted: Points): ChartConfiguration {
  const font = { family: theme.font, size: theme.letters }
  const line = { borderWidth: 2, pointRadius: 0 }
  return {
    type: 'line',
    data: {
      datasets: [
        { label: 'measured', data: measured, borderColor: theme.series[0], ...line },
        {
          label: 'predicted',
          data: predicted,
          borderColor: theme.series[5],
          borderDash: [6, 4],
          ...line,
        },
      ],
    },
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      maintainAspectRatio: false,
      events: [],
      scales: {
        x: {
          type: 'linear',
          min: 0,
          max: 3,
          border: { color: theme.rule },
          grid: { color: theme.rule, tickLength: 0 },
          ticks: {
            color: theme.muted,
            font,
            maxRotation: 0,
            autoSkip: false,
            callback: (at: unknown) => NAMES.find(([nines]) => nines === Number(at))?.[1] ?? '',
          },
          afterBuildTicks: (axis: Scale) => {
            axis.ticks = NAMES.map(([value]) => ({ value }))
          },
        },
        y: {
          type: 'logarithmic',
          border: { display: false },
          grid: { color: theme.rule, tickLength: 0 },
          ticks: {
            color: theme.muted,
            font,
            padding: 8,
            callback: (at: unknown) => `${tick(Number(at))} ms`,
          },
          afterBuildTicks: (axis: Scale) => {
            axis.ticks = logTicks(axis.min, axis.max).map((value) => ({ value }))
          },
        },
      },
    },
  } as unknown as ChartConfiguration
}
