import { Rng } from '../proxy/core/rng.ts'
import type { Report } from '../proxy/core/report.ts'
import { type Sampler, sampler } from '../simulator/distributions.ts'
import { LoadReport } from '../simulator/load-report.ts'
import { Job, ServerModel } from '../simulator/server-model.ts'
import type { Faults } from './faults.ts'
import type { FakeSettings } from './settings.ts'
import type { Timers } from './timers.ts'

/** How a request ends. The first two were served. */
export type Result = 'ok' | 'failure' | 'queue_full' | 'outage'

/** Who waits for an answer. */
export interface Client {
  /** Exactly once, unless the client leaves before. Milliseconds in the queue and in service, as they came to be. */
  answer(result: Result, waited: number, worked: number): void
}

/** One request inside. */
class Task {
  readonly client: Client
  readonly latency: number
  readonly fails: boolean
  timer: unknown = undefined

  constructor(client: Client, latency: number, fails: boolean) {
    this.client = client
    this.latency = latency
    this.fails = fails
  }
}

export type Inside = Job<Task>

/**
 * The simulated server in real time: the model decides, timers make it last.
 *
 * Chance is drawn once an arrival and from streams of its own, so that the n-th request of a seed takes the same time and
 * meets the same fate however busy the server is and whatever was switched meanwhile.
 */
export class Service {
  readonly model: ServerModel<Task>
  /** Of the served ones, those that got a 500. */
  failed = 0
  private readonly load: LoadReport
  private readonly timers: Timers
  private readonly work: Rng
  private readonly dice: Rng
  private current: Faults
  private latency: Sampler

  constructor(settings: FakeSettings, timers: Timers) {
    // Fakes of one lab share a seed; their names keep them from being slow and failing in step.
    const rng = new Rng(settings.seed).fork(settings.id)
    const { failureRate, minLatency, maxLatency } = settings
    this.model = new ServerModel(settings)
    this.load = new LoadReport(this.model)
    this.timers = timers
    this.work = rng.fork('work')
    this.dice = rng.fork('faults')
    this.current = { outage: false, failureRate, minLatency, maxLatency }
    this.latency = uniform(this.current, this.work)
  }

  get faults(): Faults {
    return this.current
  }

  /** Counts from the next arrival on. */
  set faults(faults: Faults) {
    this.current = faults
    this.latency = uniform(faults, this.work)
    this.model.open = !faults.outage
  }

  /** How it is now; only lent. */
  report(): Report {
    return this.load.read(this.timers.now())
  }

  /** A request arrived whole. Undefined when it has its answer already; else what `leave` takes. */
  enter(client: Client): Inside | undefined {
    const fails = this.dice.float() < this.current.failureRate
    const job = new Job(new Task(client, this.latency(), fails))
    const now = this.timers.now()
    const place = this.model.arrive(job, now)
    if (place === 'outside') this.load.refused(now)
    else this.load.changed(now)
    if (place === 'outside') client.answer(this.current.outage ? 'outage' : 'queue_full', 0, 0)
    if (place === 'serving') this.serve(job)
    return job.place === 'outside' ? undefined : job
  }

  /** The client has gone: its place is free. */
  leave(job: Inside): void {
    if (job.place === 'outside') return
    this.timers.stop(job.data.timer)
    const now = this.timers.now()
    const next = this.model.abandon(job, now)
    this.load.changed(now)
    this.serve(next)
  }

  /** Begins a service; those that take no time are over at once, one after another. */
  private serve(job: Inside | undefined): void {
    let next = job
    while (next !== undefined) {
      if (next.data.latency > 0) {
        next.data.timer = this.timers.start(next.data.latency, this.onTime, next)
        return
      }
      next = this.complete(next)
    }
  }

  private readonly onTime = (job: Inside): void => {
    this.serve(this.complete(job))
  }

  /** Gives the job whose service begins now. */
  private complete(job: Inside): Inside | undefined {
    const { client, fails } = job.data
    const now = this.timers.now()
    const next = this.model.finish(job, now)
    if (fails) this.failed++
    this.load.finished(job, now, fails)
    client.answer(fails ? 'failure' : 'ok', job.began - job.arrived, now - job.began)
    return next
  }
}

function uniform({ minLatency, maxLatency }: Faults, rng: Rng): Sampler {
  return sampler({ type: 'uniform', min: minLatency, max: maxLatency }, rng, 'latency')
}
