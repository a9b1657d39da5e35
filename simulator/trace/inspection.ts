import { type ArrivalFigures, ArrivalProfile } from './arrival-profile.ts'
import type { TraceReader } from './reader.ts'
import { quantileOf, Sample, type TailIndex, tailIndex } from './sample.ts'
import { type Counted, TopCounter } from './top-counter.ts'
import type { BadLine, TraceEntry } from './trace.ts'
import { warningsOf } from './warnings.ts'

/** How many sizes are kept to tell quantiles by: their ranks are then good to a twentieth of a per cent. */
const SIZES_KEPT = 1_000_000
const KEYS_SHOWN = 10

export interface SizeFigures {
  readonly count: number
  readonly mean: number
  readonly cv: number
  readonly median: number
  readonly p99: number
  readonly max: number
  readonly tail: TailIndex | undefined
  /** Whether quantiles and tail are of a random sample. */
  readonly sampled: boolean
}

interface KeyFigures {
  readonly distinct: number
  /** By how much counts can be too low, and `distinct` is. 0: exact. */
  readonly lost: number
  readonly top: readonly Counted[]
  /** The busiest hundredth of the keys, rounded up, and their share. */
  readonly hundredth: { readonly keys: number; readonly share: number }
}

/** What there is to know of a trace before it is used. Times are milliseconds, but `start`. */
export interface InspectionFigures {
  readonly format: string
  /** What the file calls the time. */
  readonly clock: string
  readonly requests: number
  /** The time of the earliest request as the file has it, in seconds. */
  readonly start: number
  readonly span: number
  /** Requests a second. */
  readonly rate: number
  readonly arrivals: ArrivalFigures
  readonly ties: number
  readonly backwardSteps: number
  /** What the clock resolves; 0 if it never changes. */
  readonly grain: number
  readonly skipped: number
  readonly bad: number
  readonly badTimes: number
  readonly badLines: readonly BadLine[]
  readonly bytes: SizeFigures | undefined
  readonly work: SizeFigures | undefined
  readonly keys: KeyFigures | undefined
  readonly statuses: readonly Counted[]
  readonly methods: readonly Counted[]
  readonly warnings: readonly string[]
}

/** Looks at every entry of a trace and keeps none of them. */
export class Inspection {
  private readonly arrivals = new ArrivalProfile()
  private readonly bytes = new Sample(SIZES_KEPT)
  private readonly work = new Sample(SIZES_KEPT)
  private readonly keys = new TopCounter()
  private readonly statuses = new TopCounter(1000)
  private readonly methods = new TopCounter(1000)

  add({ bytes, key, method, status, t, work }: TraceEntry): void {
    this.arrivals.add(t)
    if (bytes !== undefined) this.bytes.add(bytes)
    if (work !== undefined) this.work.add(work)
    if (key !== '') this.keys.add(key)
    if (status !== undefined) this.statuses.add(String(status))
    this.methods.add(method)
  }

  /** After the last entry. */
  figures(reader: TraceReader): InspectionFigures {
    const { bad, badLines, badTimes, skipped, timeline } = reader
    const { backwardSteps, entries, grain, span, start, ties } = timeline
    const figures = {
      format: reader.format,
      clock: reader.clock,
      requests: entries,
      start,
      span,
      rate: span > 0 ? entries / (span / 1000) : NaN,
      arrivals: this.arrivals.figures(),
      ties,
      backwardSteps,
      grain: grain / 1000,
      skipped,
      bad,
      badTimes,
      badLines,
      bytes: figuresOf(this.bytes),
      work: figuresOf(this.work),
      keys: keyFiguresOf(this.keys),
      statuses: this.statuses.top(KEYS_SHOWN),
      methods: this.methods.top(KEYS_SHOWN),
    }
    return { ...figures, warnings: warningsOf(figures) }
  }
}

function figuresOf(sample: Sample): SizeFigures | undefined {
  if (sample.count === 0) return undefined
  const sorted = sample.sorted()
  const { cv, mean } = sample.moments
  return {
    count: sample.count,
    mean,
    cv,
    median: quantileOf(sorted, 0.5),
    p99: quantileOf(sorted, 0.99),
    max: sample.max,
    tail: tailIndex(sorted),
    sampled: !sample.whole,
  }
}

function keyFiguresOf(keys: TopCounter): KeyFigures | undefined {
  if (keys.total === 0) return undefined
  const hundredth = Math.ceil(keys.distinct / 100)
  return {
    distinct: keys.distinct,
    lost: keys.lost,
    top: keys.top(KEYS_SHOWN),
    hundredth: { keys: hundredth, share: keys.shareOfTop(hundredth) },
  }
}
