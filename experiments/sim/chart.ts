import { midpointOf } from '../../proxy/core/histogram.ts'
import { clip, milliseconds } from '../../simulator/format.ts'
import type { Paint } from '../live/paint.ts'
import { isLevel, type Standing } from '../../simulator/study/comparison.ts'

/** How full a cell is, from nothing to all of it. */
const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const ASCII = [' ', '.', ':', '-', '=', '+', '*', '#', '@'] as const

const MARKS = [
  { label: '50', of: 'p50' },
  { label: '95', of: 'p95' },
  { label: '99', of: 'p99' },
  { label: '99.9', of: 'p999' },
] as const

/** A bar of less than that, of the highest, is empty. */
const HARDLY = 0.01

/** Times that a person would write at an axis. */
const TICKS = [1, 2, 5]

/**
 * How response times are spread: for each strategy a line of bars over a common logarithmic axis, and below it where its percentiles
 * are. Empty where there is nothing to show.
 */
export function drawDistribution(
  standings: readonly Standing[],
  width: number,
  paint: Paint,
  ascii: boolean,
): string[] {
  const shown = standings.filter(
    ({ figures, steadiness }) => isLevel(steadiness) && figures.mean !== null,
  )
  const counts = shown.map(countsOf)
  const edges = edgesOf(counts)
  if (edges === undefined) return []
  const names = Math.min(24, Math.max(...shown.map(({ label }) => label.length)))
  const axis = new Axis(edges.low, edges.high, width - names - 2)
  const bins = counts.map((each) => binned(each, axis))
  // One scale for all: who is spread out is also low.
  const most = Math.max(...bins.flat())
  const marks = ascii ? ASCII : BLOCKS
  const lines = shown.flatMap(({ figures, label }, i) => {
    const bars = bins[i].map((share) => marks[level(share / most)]).join('')
    const places = MARKS.map(({ label: text, of }) => ({
      text,
      at: axis.column(figures[of]!.mean),
    }))
    return [
      `${clip(label, names).padEnd(names)}  ${bars.trimEnd()}`,
      paint('faint', `${' '.repeat(names)}  ${written(places, axis)}`.trimEnd()),
    ]
  })
  return [
    paint('strong', 'Response times') +
      paint('faint', clip(' · share of requests, and percentiles below', Math.max(0, width - 14))),
    '',
    ...lines,
    paint('faint', `${'ms'.padStart(names)}  ${written(axis.ticks(), axis)}`),
  ]
}

/** A logarithmic axis of so many columns. */
class Axis {
  readonly columns: number
  private readonly low: number
  private readonly high: number

  constructor(low: number, high: number, columns: number) {
    this.columns = Math.max(10, columns)
    this.low = Math.log(low)
    this.high = Math.log(high)
  }

  /** In columns from the left; what is outside has a place outside. */
  place(value: number): number {
    return ((Math.log(value) - this.low) / (this.high - this.low)) * this.columns
  }

  column(value: number): number {
    return Math.min(this.columns - 1, Math.max(0, Math.floor(this.place(value))))
  }

  ticks(): Placed[] {
    const ticks: Placed[] = []
    const first = Math.floor(this.low / Math.LN10)
    for (let power = first; power <= this.high / Math.LN10; power++) {
      for (const tick of TICKS) {
        const value = tick * 10 ** power
        const inside = Math.log(value) >= this.low && Math.log(value) <= this.high
        if (inside) ticks.push({ text: tickText(value), at: this.column(value) })
      }
    }
    return ticks
  }
}

interface Placed {
  readonly text: string
  readonly at: number
}

/** Texts at their columns, or as near as the end lets them; one that has no room is left out. */
function written(places: readonly Placed[], { columns }: Axis): string {
  let line = ''
  for (const { at, text } of places) {
    const from = Math.min(at, columns - text.length)
    if (from >= (line === '' ? 0 : line.length + 1)) line = line.padEnd(from) + text
  }
  return line
}

function tickText(value: number): string {
  return value >= 1
    ? milliseconds(value).replace(/\.0*$/, '')
    : String(Number(value.toPrecision(1)))
}

/** `share`: of the highest bar. What is hardly there is seen all the same, as the tail that matters. */
function level(share: number): number {
  return share < HARDLY ? 0 : Math.max(1, Math.round(share * 8))
}

/** All runs together: bucket by bucket. */
function countsOf({ runs }: Standing): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { latency } of runs) {
    const buckets = latency?.buckets ?? []
    for (let i = 0; i + 1 < buckets.length; i += 2) {
      counts.set(buckets[i], (counts.get(buckets[i]) ?? 0) + buckets[i + 1])
    }
  }
  return counts
}

/** From the first in a hundred to the last but five in ten thousand, over all, so that a single one does not stretch the axis. */
function edgesOf(
  all: readonly ReadonlyMap<number, number>[],
): { low: number; high: number } | undefined {
  let low = Infinity
  let high = 0
  for (const counts of all) {
    low = Math.min(low, quantile(counts, 0.01))
    high = Math.max(high, quantile(counts, 0.9995))
  }
  if (!(low <= high) || high === 0) return undefined
  // All at one value would leave no axis.
  return high / low < 1.5 ? { low: low / 1.5, high: high * 1.5 } : { low, high }
}

function quantile(counts: ReadonlyMap<number, number>, q: number): number {
  const buckets = [...counts.keys()].sort((a, b) => a - b)
  let all = 0
  for (const count of counts.values()) all += count
  let seen = 0
  for (const bucket of buckets) {
    seen += counts.get(bucket)!
    if (seen >= q * all) return midpointOf(bucket)
  }
  return NaN
}

/** The share of requests in each column. A bucket is spread over what it covers, lest columns with one more stand out. */
function binned(counts: ReadonlyMap<number, number>, axis: Axis): number[] {
  const bins = Array.from({ length: axis.columns }, () => 0)
  let all = 0
  for (const count of counts.values()) all += count
  for (const [bucket, count] of counts) {
    const [from, to] = [lowerEdge(bucket), lowerEdge(bucket + 1)].map((edge) => axis.place(edge))
    const share = count / all / (to - from)
    for (let at = Math.max(0, Math.floor(from)); at < Math.min(to, axis.columns); at++) {
      bins[at] += share * (Math.min(to, at + 1) - Math.max(from, at))
    }
  }
  return bins
}

/** Half-way between the middles, near enough for a drawing. */
function lowerEdge(bucket: number): number {
  return (midpointOf(bucket - 1) + midpointOf(bucket)) / 2
}
