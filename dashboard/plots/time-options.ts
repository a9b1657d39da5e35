import type { ChartOptions } from 'chart.js'
import type { Theme } from './theme.ts'

export interface TimeAxes {
  /** Milliseconds since the proxy started. */
  readonly from: number
  readonly to: number
  /** Unix time, in milliseconds, of its start; 0: not known yet, so no time of the day is told. */
  readonly origin: number
  readonly value: (value: number) => string
  readonly log?: boolean
  readonly stacked?: boolean
  /** The least that the axis reaches up to. */
  readonly least?: number
  readonly most?: number
}

/** As wide for every chart, so that times stand below each other; in letters' sizes. */
const AXIS = 5.1

/** Time to the right, without legend or tooltip: the readout above a chart is both. */
export function timeOptions(theme: Theme, axes: TimeAxes): ChartOptions<'line'> {
  const { from, log = false, origin, stacked = false, to, value } = axes
  const font = { family: theme.font, size: theme.letters }
  return {
    animation: false,
    parsing: false,
    normalized: true,
    responsive: true,
    maintainAspectRatio: false,
    color: theme.muted,
    events: ['mousemove', 'mouseout', 'touchstart', 'touchmove'],
    interaction: { mode: 'nearest', axis: 'x', intersect: false },
    elements: { point: { radius: 0, hoverRadius: 0 }, line: { borderWidth: 1.5, tension: 0 } },
    layout: { padding: { top: 4, right: 1 } },
    scales: {
      x: {
        type: 'linear',
        min: from,
        max: to,
        border: { color: theme.rule },
        grid: { display: false },
        ticks: {
          color: theme.muted,
          font,
          maxRotation: 0,
          autoSkip: false,
          callback: (time) => (origin === 0 ? '' : clockOf(origin + Number(time), to - from)),
        },
        afterBuildTicks: (axis) => {
          axis.ticks = timeTicks(origin + from, origin + to, axis.width).map((time) => ({
            value: time - origin,
          }))
        },
      },
      y: {
        type: log ? 'logarithmic' : 'linear',
        stacked,
        ...(log ? {} : { beginAtZero: true }),
        ...(axes.least !== undefined && { suggestedMax: axes.least }),
        ...(axes.most !== undefined && { max: axes.most }),
        border: { display: false },
        grid: { color: theme.rule, tickLength: 0 },
        ticks: {
          color: theme.muted,
          font,
          maxTicksLimit: 5,
          padding: 8,
          callback: (tick) => value(Number(tick)),
        },
        afterBuildTicks: (axis) => {
          if (log) axis.ticks = logTicks(axis.min, axis.max).map((value) => ({ value }))
        },
        afterFit: (axis) => {
          axis.width = AXIS * theme.letters
        },
      },
    },
  }
}

/** On a logarithmic axis: 1, 2, 5, 10, 20, …, or powers of ten alone where that would be too many. */
export function logTicks(low: number, high: number, most = 6): number[] {
  const ticks: number[] = []
  const named = Math.log10(high / low) * 3 <= most ? [1, 2, 5] : [1]
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const each of named) {
      const value = Number((each * 10 ** power).toPrecision(3))
      if (value >= low && value <= high) ticks.push(value)
    }
  }
  return ticks
}

const STEPS = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((seconds) => seconds * 1000)

/** Round times of the day, so many that their names have room. */
export function timeTicks(from: number, to: number, width: number): number[] {
  const room = Math.max(2, Math.floor(width / 80))
  const step = STEPS.find((each) => (to - from) / each <= room) ?? STEPS[STEPS.length - 1]
  const ticks: number[] = []
  for (let time = Math.ceil(from / step) * step; time <= to; time += step) ticks.push(time)
  return ticks
}

const withSeconds = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })
const withoutSeconds = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' })

/** The time of the day, with seconds where the span is short. */
function clockOf(time: number, span: number): string {
  return (span < 600_000 ? withSeconds : withoutSeconds).format(time)
}
