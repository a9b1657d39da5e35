import { exp } from '../proxy/core/exponential.ts'
import { type Draft, type Report, SILENT } from '../proxy/core/report.ts'
import { RecentLatencies } from './recent-latencies.ts'
import type { Job, ServerModel } from './server-model.ts'

/** Rates and utilization look back about so far, in milliseconds: what is older by this much counts 1/e. */
const WINDOW = 1000

/**
 * What one server can say of its own load. Fakes put it into their answers, simulated servers into their news, so both worlds
 * say the same of the same.
 *
 * - `inflight`: jobs in hand, waiting or in service, at this moment.
 * - `latency`: the median of what jobs took lately that met about as many in hand when they came, waiting included; failed
 *   ones left out, since a server that fails fast is not quick. See `RecentLatencies`.
 * - `utilization`: the share of its places that were busy over the last second. A server without a limit is never full, so it
 *   says nothing of it.
 * - `rate` and `errorRate`: answers, and failed ones among them (those turned away as well), a second, over the last second.
 *
 * The last three look back with a weight that falls exponentially, so they cost one `exp` and no memory. Before its first job
 * a server counts as idle.
 */
export class LoadReport {
  private readonly model: ServerModel<unknown>
  private readonly latencies = new RecentLatencies()
  private readonly draft: Draft = { ...SILENT }
  /** As they were when something changed last. */
  private rate = 0
  private errorRate = 0
  private utilization = 0
  private changedAt = 0
  /** The share of places that are busy since then. */
  private busy = 0

  constructor(model: ServerModel<unknown>) {
    this.model = model
  }

  /** A job has come in, or its client has left. */
  changed(now: number): void {
    const kept = this.kept(now)
    this.rate *= kept
    this.errorRate *= kept
    this.utilization = this.utilization * kept + this.busy * (1 - kept)
    this.changedAt = now
    this.busy = this.model.serving / this.model.concurrency
  }

  /** A job was turned away. */
  refused(now: number): void {
    this.changed(now)
    this.count(true)
  }

  /** A job has its answer. */
  finished(job: Job<unknown>, now: number, failed: boolean): void {
    this.changed(now)
    this.count(failed)
    if (!failed) this.latencies.add(job.met, now - job.arrived, now)
  }

  /** How it is now. Only lent: the next reading fills the same one. */
  read(now: number): Report {
    const { draft, model } = this
    const kept = this.kept(now)
    draft.inflight = model.serving + model.queued
    draft.latency = this.latencies.at(draft.inflight, now)
    draft.rate = this.rate * kept
    draft.errorRate = this.errorRate * kept
    draft.utilization =
      model.concurrency === Infinity ? NaN : this.utilization * kept + this.busy * (1 - kept)
    return draft
  }

  private count(failed: boolean): void {
    this.rate += 1000 / WINDOW
    if (failed) this.errorRate += 1000 / WINDOW
  }

  /** What is left of the weight of everything up to the last change. */
  private kept(now: number): number {
    return now > this.changedAt ? exp((this.changedAt - now) / WINDOW) : 1
  }
}
