import { Rng } from '../../proxy/core/rng.ts'
import { CONFIDENCE } from '../statistics/interval.ts'
import { sortedQuantile } from '../statistics/percentile.ts'
import { Block } from './blocks.ts'

/** A figure, and where it would be in another such period. */
export interface Ranged {
  readonly value: number
  readonly low: number
  readonly high: number
}

const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const
export type QuantileKey = keyof typeof QUANTILES

/** Milliseconds; errors are a share. */
export type Ranges = Readonly<Record<QuantileKey | 'errors', Ranged>>

const DRAWS = 400

/**
 * How much figures would differ in another period like this one: as many of its blocks are drawn, with repetition, and each time the figures are
 * worked out anew (the block bootstrap: Künsch, "The Jackknife and the Bootstrap for General Stationary Observations", Annals of Statistics 17(3), 1989). Requests in
 * one block depend on each other; blocks hardly do.
 */
export class Bootstrap {
  /** Of each draw, which blocks. The same for all that is compared. */
  private readonly draws: readonly Int32Array[]

  constructor(blocks: number, seed: number) {
    const rng = new Rng(seed).fork('blocks')
    this.draws = Array.from({ length: DRAWS }, () =>
      Int32Array.from({ length: blocks }, () => rng.int(blocks)),
    )
  }

  ranges(blocks: readonly Block[]): Ranges {
    const of = this.drawn(blocks)
    return {
      p50: of('p50', (figures) => figures.p50),
      p95: of('p95', (figures) => figures.p95),
      p99: of('p99', (figures) => figures.p99),
      errors: of('errors', (figures) => figures.errors),
    }
  }

  /** The second's less the first's, as a share of the first's; of errors, in points of a share. */
  changes(first: readonly Block[], second: readonly Block[]): Ranges {
    const [before, after] = [this.figures(first), this.figures(second)]
    const own = [figuresOf(first, undefined), figuresOf(second, undefined)]
    const of = (key: keyof Figures): Ranged => {
      const change = (a: Figures, b: Figures): number =>
        key === 'errors' ? b.errors - a.errors : b[key] / a[key] - 1
      return range(
        change(own[0], own[1]),
        before.map((a, i) => change(a, after[i])),
      )
    }
    return { p50: of('p50'), p95: of('p95'), p99: of('p99'), errors: of('errors') }
  }

  private drawn(blocks: readonly Block[]): (key: string, pick: (f: Figures) => number) => Ranged {
    const all = this.figures(blocks)
    const own = figuresOf(blocks, undefined)
    return (_, pick) => range(pick(own), all.map(pick))
  }

  private figures(blocks: readonly Block[]): Figures[] {
    return this.draws.map((draw) => figuresOf(blocks, draw))
  }
}

type Figures = Readonly<Record<QuantileKey | 'errors', number>>

function figuresOf(blocks: readonly Block[], draw: Int32Array | undefined): Figures {
  const sum = new Block()
  if (draw === undefined) for (const block of blocks) sum.add(block)
  else for (const place of draw) sum.add(blocks[place])
  const { failed, judged, latency } = sum
  return {
    p50: latency.quantile(QUANTILES.p50),
    p95: latency.quantile(QUANTILES.p95),
    p99: latency.quantile(QUANTILES.p99),
    errors: judged === 0 ? 0 : failed / judged,
  }
}

function range(value: number, draws: readonly number[]): Ranged {
  const sorted = draws.filter((each) => !Number.isNaN(each)).sort((a, b) => a - b)
  if (sorted.length === 0) return { value, low: -Infinity, high: Infinity }
  const side = (1 - CONFIDENCE) / 2
  const [low, high] = [sortedQuantile(sorted, side), sortedQuantile(sorted, 1 - side)]
  return { value, low, high }
}
