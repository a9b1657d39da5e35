import type { Estimate, Point } from '../../dashboard/charts/chart.ts'
import { type Interval, interval, pairedInterval } from '../../simulator/statistics/interval.ts'
import { type Case, labelOf, nameOf } from './experiment.ts'

/** What a case's replications came to. */
export interface Measured {
  readonly label: string
  /** Of the strategy, for its colour. */
  readonly name: string
  readonly variant: string
  /** A value for each replication. */
  readonly figures: Readonly<Record<string, readonly number[]>>
  /** The same at each look. */
  readonly curves: Readonly<Record<string, readonly (readonly number[])[]>>
}

/** All cases of an experiment, to be asked for figures by the label of a strategy and a variant. */
export class Results {
  readonly cases: readonly Measured[]
  readonly replications: number
  /** When the looks were, in milliseconds; empty if nobody looked. */
  readonly times: readonly number[]

  constructor(cases: readonly Measured[], replications: number, times: readonly number[]) {
    this.cases = cases
    this.replications = replications
    this.times = times
  }

  of(label: string, variant = ''): Measured {
    const found = this.cases.find((each) => each.label === label && each.variant === variant)
    if (found !== undefined) return found
    throw new RangeError(`there is no case "${label}", "${variant}"`)
  }

  /** One value for each replication. */
  values(figure: string, label: string, variant = ''): readonly number[] {
    const values = this.of(label, variant).figures[figure]
    if (values !== undefined) return values
    throw new RangeError(`case "${label}", "${variant}" has no figure "${figure}"`)
  }

  mean(figure: string, label: string, variant = ''): number {
    return this.interval(figure, label, variant).mean
  }

  interval(figure: string, label: string, variant = ''): Interval {
    return interval(this.values(figure, label, variant))
  }

  /** How much more the second has of it (or of `other`) than the first, pair by pair. */
  difference(
    figure: string,
    first: readonly [string, string?],
    second: readonly [string, string?],
    other = figure,
  ): Interval {
    return pairedInterval(this.values(figure, ...first), this.values(other, ...second))
  }

  /** The variants, as numbers on an axis, and what a strategy's figure is at each: a line of a chart. */
  across(figure: string, label: string, at: (variant: string) => number): Point[] {
    return this.cases
      .filter((each) => each.label === label)
      .map(({ variant }) => ({ x: at(variant), ...this.estimate(figure, label, variant) }))
  }

  /** A curve over time, in the unit that `every` milliseconds make one of. */
  over(figure: string, label: string, variant = '', unit = 1000): Point[] {
    const curve = this.of(label, variant).curves[figure]
    if (curve === undefined) {
      throw new RangeError(`case "${label}", "${variant}" has no curve "${figure}"`)
    }
    return curve.map((values, i) => ({ x: this.times[i] / unit, ...estimateOf(values) }))
  }

  estimate(figure: string, label: string, variant = ''): Estimate {
    return estimateOf(this.values(figure, label, variant))
  }
}

function estimateOf(values: readonly number[]): Estimate {
  const { high, low, mean } = interval(values)
  return { mean, low, high }
}

export function measured(
  each: Case,
  figures: Measured['figures'],
  curves: Measured['curves'],
): Measured {
  return { label: labelOf(each), name: nameOf(each), variant: each.variant ?? '', figures, curves }
}
