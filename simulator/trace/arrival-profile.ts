import { Moments } from './moments.ts'

/** Half of what waits to be put in order: a log written at the end of requests is out of order by those in flight. */
const HALF = 65_536
const SECOND = 1000

/** Counts per bin, from the first time on; an empty bin counts, too. */
class Bins {
  busiest = 0
  busiestBin = 0
  private readonly width: number
  private bin = 0
  private inBin = 0
  /** Of the bins that are over. */
  private total = 0
  private squares = 0

  constructor(width: number) {
    this.width = width
  }

  /** A time since the first, not before the one before. */
  add(t: number): void {
    const bin = Math.floor(t / this.width)
    if (bin !== this.bin) {
      this.total += this.inBin
      this.squares += this.inBin * this.inBin
      this.bin = bin
      this.inBin = 0
    }
    if (++this.inBin <= this.busiest) return
    this.busiest = this.inBin
    this.busiestBin = bin
  }

  /**
   * Variance over mean of the counts: 1 for a Poisson process at any width; NaN for less than two bins. The last bin is left out: the
   * trace ends in the middle of it, and one half bin of a steady stream would look like a burst.
   */
  get dispersion(): number {
    const mean = this.total / this.bin
    return this.bin < 2 ? NaN : (this.squares / this.bin - mean * mean) / mean
  }
}

export interface ArrivalFigures {
  /** Coefficient of variation of the gaps; 1 for a Poisson process. */
  readonly gapCv: number
  /** Index of dispersion of the counts in bins of a second, and of a minute. */
  readonly dispersion: number
  readonly dispersionOfMinutes: number
  /** Milliseconds from the earliest request to the second with the most of them, and how many. */
  readonly busiest: { readonly at: number; readonly count: number }
  /** Requests that came so late in the file that they count at a later time than their own. */
  readonly displaced: number
}

/** How bursty arrivals are. Takes times as they stand in a file, puts them in order as far as they are out of it, and keeps none. */
export class ArrivalProfile {
  private readonly waiting = new Float64Array(2 * HALF)
  private held = 0
  private first = NaN
  private previous = NaN
  private displaced = 0
  private readonly gaps = new Moments()
  private readonly seconds = new Bins(SECOND)
  private readonly minutes = new Bins(60 * SECOND)

  add(t: number): void {
    this.waiting[this.held++] = t
    if (this.held < this.waiting.length) return
    this.pass(HALF)
    this.waiting.copyWithin(0, HALF)
    this.held = HALF
  }

  /** After the last. */
  figures(): ArrivalFigures {
    this.pass(this.held)
    this.held = 0
    return {
      gapCv: this.gaps.cv,
      dispersion: this.seconds.dispersion,
      dispersionOfMinutes: this.minutes.dispersion,
      busiest: { at: this.seconds.busiestBin * SECOND, count: this.seconds.busiest },
      displaced: this.displaced,
    }
  }

  private pass(number: number): void {
    this.waiting.subarray(0, this.held).sort()
    for (let i = 0; i < number; i++) {
      let t = this.waiting[i]
      if (Number.isNaN(this.first)) this.first = t
      else {
        if (t < this.previous) {
          this.displaced++
          t = this.previous
        }
        this.gaps.add(t - this.previous)
      }
      this.previous = t
      this.seconds.add(t - this.first)
      this.minutes.add(t - this.first)
    }
  }
}
