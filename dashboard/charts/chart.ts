/** A chart as plain data: what is shown, and nothing of how. */
export type Chart = LineChart | BarChart

export interface Axis {
  /** With its unit: `mean response time (ms)`. */
  readonly label: string
  /** Default `linear`, from 0 unless `from` says otherwise. */
  readonly scale?: 'linear' | 'log'
  readonly from?: number
  readonly to?: number
  /** Shares from 0 to 1, written as 10 %. */
  readonly percent?: boolean
}

/** A mean with its interval; without one there is nothing to be unsure of. */
export interface Estimate {
  readonly mean: number
  readonly low?: number
  readonly high?: number
}

export interface Point extends Estimate {
  readonly x: number
}

/** What one strategy did. */
interface Look {
  readonly label: string
  /** Its name in the registry, which has one colour everywhere. */
  readonly strategy: string
  /** Set apart from the same strategy with other options: 0 is a full line. */
  readonly dash?: number
  /** Number in the palette, for the same strategy more than once in a chart. Default: the strategy's own. */
  readonly colour?: number
}

export interface Series extends Look {
  readonly points: readonly Point[]
}

/** A line across: what theory says, or when something happened. */
export interface Mark {
  readonly label: string
  readonly x?: number
  readonly y?: number
}

export interface LineChart {
  readonly kind: 'lines'
  /** For those who cannot see it. */
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly Series[]
  readonly marks?: readonly Mark[]
}

export interface Bar extends Look, Estimate {}

export interface BarChart {
  readonly kind: 'bars'
  readonly title: string
  readonly x: Axis
  readonly groups: readonly { readonly label?: string; readonly bars: readonly Bar[] }[]
  /** Only with `x`. */
  readonly marks?: readonly Mark[]
}
