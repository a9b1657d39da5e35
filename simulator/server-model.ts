/** Where a job is: not (or no longer) at the server, waiting, or being served. */
export type Place = 'outside' | 'queued' | 'serving'

/**
 * Something to be served, with whatever its owner wants to remember about it. May be used again once it is outside.
 * (`declare`: see `Clock`.)
 */
export class Job<T> {
  declare data: T
  declare place: Place
  /** When it came, and when its service began; of the owner's clock. */
  declare arrived: number
  declare began: number
  /** How many others were in hand, waiting or in service, when it came. */
  declare met: number
  /** Neighbours in the queue. The list runs through the jobs themselves: waiting costs no memory, leaving no search. */
  declare ahead: Job<T> | undefined
  declare behind: Job<T> | undefined

  constructor(data: T) {
    this.data = data
    this.place = 'outside'
    this.arrived = 0
    this.began = 0
    this.met = 0
    this.ahead = undefined
    this.behind = undefined
  }
}

export interface ServerModelOptions {
  /** Jobs served at a time. Default: no limit. */
  concurrency?: number
  /** Jobs that may wait. Default: no limit. */
  queue?: number
  /** The one that came last is served first. Default false. */
  lastFirst?: boolean
}

/**
 * One server: so many workers, and a queue with a bound, first come first served, or last come first served.
 *
 * It only decides who is served, who waits and who is turned away. How long service takes is its owner's affair: a fake
 * backend sets a timer, the simulator schedules an event, and both call `finish` when it is over. So both worlds queue by the
 * same rules. At any time arrived = served + refused + abandoned + queued + serving.
 */
export class ServerModel<T> {
  readonly concurrency: number
  readonly queue: number
  private readonly lastFirst: boolean
  /** False turns every new job away; those inside are still served. */
  open = true
  arrived = 0
  served = 0
  refused = 0
  abandoned = 0
  serving = 0
  queued = 0
  private first: Job<T> | undefined = undefined
  private last: Job<T> | undefined = undefined

  /** Throws a `RangeError` for limits that make no sense. */
  constructor(options: ServerModelOptions = {}) {
    const { concurrency = Infinity, lastFirst = false, queue = Infinity } = options
    this.concurrency = limit(concurrency, 1, 'concurrency')
    this.queue = limit(queue, 0, 'queue')
    this.lastFirst = lastFirst
  }

  /** A job comes. `serving`: its service begins now. `outside`: it was refused. */
  arrive(job: Job<T>, now: number): Place {
    if (job.place !== 'outside') throw new Error(`a job cannot arrive while it is ${job.place}`)
    this.arrived++
    job.arrived = now
    job.met = this.serving + this.queued
    if (!this.open) {
      this.refused++
    } else if (this.serving < this.concurrency) {
      this.begin(job, now)
    } else if (this.queued < this.queue) {
      this.enqueue(job)
    } else {
      this.refused++
    }
    return job.place
  }

  /** A job's service is over. Gives the job whose service begins now, if one waited. */
  finish(job: Job<T>, now: number): Job<T> | undefined {
    if (job.place !== 'serving') throw new Error(`a job cannot finish while it is ${job.place}`)
    this.served++
    return this.leave(job, now)
  }

  /** A job's client left. Gives the job whose service begins now, if this one was being served and another waited. */
  abandon(job: Job<T>, now: number): Job<T> | undefined {
    if (job.place === 'outside') throw new Error('a job cannot be abandoned while it is outside')
    this.abandoned++
    if (job.place === 'serving') return this.leave(job, now)
    this.dequeue(job)
    return undefined
  }

  private leave(job: Job<T>, now: number): Job<T> | undefined {
    job.place = 'outside'
    this.serving--
    const next = this.lastFirst ? this.last : this.first
    if (next === undefined) return undefined
    this.dequeue(next)
    this.begin(next, now)
    return next
  }

  private begin(job: Job<T>, now: number): void {
    job.place = 'serving'
    job.began = now
    this.serving++
  }

  private enqueue(job: Job<T>): void {
    job.place = 'queued'
    job.ahead = this.last
    if (this.last === undefined) this.first = job
    else this.last.behind = job
    this.last = job
    this.queued++
  }

  private dequeue(job: Job<T>): void {
    const { ahead, behind } = job
    if (ahead === undefined) this.first = behind
    else ahead.behind = behind
    if (behind === undefined) this.last = ahead
    else behind.ahead = ahead
    job.ahead = undefined
    job.behind = undefined
    job.place = 'outside'
    this.queued--
  }
}

function limit(value: number, least: number, name: string): number {
  if (value === Infinity || (Number.isInteger(value) && value >= least)) return value
  throw new RangeError(`${name} must be a whole number of at least ${least}, got ${value}`)
}
