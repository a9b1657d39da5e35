import type { Clock } from '../../proxy/core/clock.ts'
import type { Endpoint } from '../../proxy/core/endpoint.ts'
import { Histogram, midpointOf } from '../../proxy/core/histogram.ts'
import { OUTCOMES, type Outcome } from '../../proxy/core/recorder.ts'
import { RunRecorder } from '../../simulator/run-recorder.ts'
import { quantileRanks } from '../../simulator/statistics/percentile.ts'
import {
  ENDING_WIDTH,
  type LaneLatency,
  MOST_ENDINGS,
  type Slice,
  SLICES,
  STRETCHED,
} from './frame.ts'

/** Records what a run comes to, and beside it what somebody who looks on wants to see: how it went so far, and what ended just now. */
export class LaneRecorder extends RunRecorder {
  readonly slices: Slice[] = []
  /** The simulation's, as soon as there is one. */
  clock: Clock | undefined
  private readonly slice: number
  private readonly present = new Histogram()
  private presentEnded = 0
  private presentFailed = 0
  private endings = new Float64Array(MOST_ENDINGS * ENDING_WIDTH)
  private endingCount = 0
  private readonly placeOf: (server: Endpoint) => number

  /** `duration`: of the scenario. `placeOf`: which server of the lane that is. */
  constructor(duration: number, placeOf: (server: Endpoint) => number) {
    super()
    this.slice = duration / SLICES
    this.placeOf = placeOf
  }

  override attempt(server: Endpoint, latency: number, outcome: Outcome): void {
    super.attempt(server, latency, outcome)
    const at = (this.endingCount++ % MOST_ENDINGS) * ENDING_WIDTH
    this.endings[at] = this.placeOf(server)
    this.endings[at + 1] = OUTCOMES.indexOf(outcome)
    this.endings[at + 2] = latency
  }

  override request(latency: number, attempts: number, outcome: Outcome): void {
    super.request(latency, attempts, outcome)
    this.presentEnded++
    if (outcome === 'ok') this.present.record(latency)
    else if (outcome !== 'aborted') this.presentFailed++
  }

  override tick(): void {
    while (
      this.slices.length < SLICES &&
      this.clock!.now >= (this.slices.length + 1) * this.slice
    ) {
      this.turn()
    }
  }

  /** What ended since the last call. */
  takeEndings(): Float64Array {
    const kept = Math.min(this.endingCount, MOST_ENDINGS) * ENDING_WIDTH
    this.endingCount = 0
    return this.endings.slice(0, kept)
  }

  get latency(): LaneLatency | null {
    const { latency } = this.requests
    if (latency.count === 0) return null
    const { count } = latency
    const { high, low } = quantileRanks(count, 0.99)
    return {
      count,
      mean: latency.mean,
      p50: latency.quantile(0.5),
      p99: latency.quantile(0.99),
      p99Low: low === 0 ? null : latency.quantile(low / count),
      p99High: high > count ? null : latency.quantile(high / count),
      curve: curveOf(latency),
    }
  }

  private turn(): void {
    const { present, presentEnded, presentFailed } = this
    const some = present.count > 0
    this.slices.push({
      p50: some ? present.quantile(0.5) : null,
      p99: some ? present.quantile(0.99) : null,
      errors: presentEnded > 0 ? presentFailed / presentEnded : null,
    })
    present.clear()
    this.presentEnded = 0
    this.presentFailed = 0
  }
}

/** In one go: asked one by one, each share would count from the beginning. */
function curveOf(latency: Histogram): Float64Array {
  const { count, max, min } = latency
  const curve = new Float64Array(STRETCHED.length).fill(NaN)
  const sparse = latency.toSparse()
  let at = -2
  let seen = 0
  for (let i = 0; i < curve.length; i++) {
    const rank = Math.max(1, Math.ceil(STRETCHED[i] * count - 1e-9))
    // Above the last but one there is nothing but one request.
    if (i > 0 && rank >= count) break
    while (seen < rank) {
      at += 2
      seen += sparse[at + 1]
    }
    curve[i] = Math.min(max, Math.max(min, midpointOf(sparse[at])))
  }
  return curve
}
