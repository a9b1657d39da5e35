import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { plural } from '../../../simulator/format.ts'
import type { Replication } from '../../../simulator/study/replication.ts'
import type { Errand } from '../../../simulator/study/study.ts'
import type { Watched } from '../../sim/progress.ts'
import type { SweepRunner } from '../collect.ts'
import { planText, type Sweep } from '../plan.ts'
import { keyOf, type Results, type RunOf } from '../results.ts'
import { KEPT, type Order, orderId, planKey, PREFIX, QUEUE, resultsKey } from './names.ts'

/** How often to look for results, and how many to take at once. Looking is one short command. */
const EVERY = 200
const AT_ONCE = 200
/** After so many looks without anything new it asks whether the queue still has what it waits for. */
const LOOKS = 10

interface Pending {
  readonly order: Order
  readonly of: RunOf
  readonly resolve: (run: Replication) => void
  readonly reject: (error: Error) => void
}

/** Some runs cannot be done. A line each for the first of them. */
export class RunsFailed extends Error {}

/**
 * Puts orders into a queue, and waits for their results. What is done is what has a result in Redis, and nothing else: so neither a
 * worker that is lost, nor this program ended and started again, nor an order that is there twice can make a difference.
 */
export class RemoteRunner implements SweepRunner, Watched {
  private readonly redis: Redis
  private readonly sweep: Sweep
  private readonly results: Results
  private readonly queue: Queue<Order>
  private readonly pending = new Map<string, Pending>()
  private readonly failed = new Map<string, string>()
  private fresh: Pending[] = []
  private timer: NodeJS.Timeout | undefined
  private looking = false
  private idle = 0
  private done = 0
  private requests = 0
  private stopped = false
  readonly asked: number

  constructor(redis: Redis, sweep: Sweep, results: Results, asked: number) {
    this.redis = redis
    this.sweep = sweep
    this.results = results
    this.asked = asked
    this.queue = new Queue<Order>(QUEUE, {
      connection: redis,
      prefix: PREFIX,
      // Nobody reads them.
      streams: { events: { maxLen: 100 } },
    })
    // What breaks is the connection, and that tells it itself.
    this.queue.on('error', () => {})
  }

  get progress(): Watched['progress'] {
    return { runs: this.done, requests: this.requests }
  }

  /** Takes what was found before, and has what failed before run again. */
  async begin(): Promise<void> {
    const { id } = this.sweep
    await this.publish()
    const fields = await this.redis.hkeys(resultsKey(id))
    const runs = this.allRuns()
    for (let i = 0; i < fields.length; i += AT_ONCE) {
      const some = fields.slice(i, i + AT_ONCE)
      const texts = await this.redis.hmget(resultsKey(id), ...some)
      some.forEach((field, j) => {
        const [of, text] = [runOf(field), texts[j]]
        if (text !== null && runs(of)) this.results.addText(of, text)
      })
    }
    for (const each of await this.failures()) await this.queue.remove(each.id!)
    this.timer = setInterval(() => void this.look(), EVERY)
  }

  /** How many workers there are, of those that look into the same database; undefined where Redis does not say. */
  async workers(): Promise<number | undefined> {
    const { db = 0 } = this.redis.options
    try {
      const all = await this.queue.getWorkers()
      return all.filter((each) => each['db'] === String(db)).length
    } catch {
      return undefined
    }
  }

  run(cell: number, errand: Errand): Promise<Replication> {
    const of = this.results.of(cell, errand)
    const known = this.results.get(of)
    if (known !== undefined) return Promise.resolve(known)
    return new Promise((resolve, reject) => {
      if (this.stopped) return reject(new Error('it was stopped'))
      const order: Order = { sweep: this.sweep.id, cell, ...errand }
      const pending = { order, of, resolve, reject }
      this.pending.set(keyOf(of), pending)
      this.fresh.push(pending)
      // All that are asked for in one turn go together.
      if (this.fresh.length === 1)
        setImmediate(() => void this.send().catch((error) => this.end(error as Error)))
    })
  }

  stop(): void {
    this.stopped = true
    this.end(new Error('it was stopped'))
  }

  /** Removes all of the sweep from Redis. What a worker has in hand it will find to be wanted no more. */
  async remove(): Promise<{ waiting: number; found: number }> {
    const { id } = this.sweep
    const jobs = await this.queue.getJobs(['waiting', 'failed', 'delayed', 'prioritized'])
    const own = jobs.filter((job) => job.data.sweep === id)
    for (const job of own) await job.remove().catch(() => {})
    const found = await this.redis.hlen(resultsKey(id))
    await this.redis.del(planKey(id), resultsKey(id))
    return { waiting: own.length, found }
  }

  async close(): Promise<void> {
    clearInterval(this.timer)
    await this.queue.close()
  }

  private async publish(): Promise<void> {
    await this.redis.set(planKey(this.sweep.id), planText(this.sweep.cells), 'EX', KEPT)
  }

  private async send(): Promise<void> {
    const orders = this.fresh.map(({ order }) => order)
    this.fresh = []
    for (let i = 0; i < orders.length; i += AT_ONCE) {
      await this.queue.addBulk(
        orders.slice(i, i + AT_ONCE).map((order) => ({
          name: 'run',
          data: order,
          // One that is there already is not added again. What is done leaves nothing but its result.
          opts: { jobId: orderId(order), removeOnComplete: true },
        })),
      )
    }
  }

  private async look(): Promise<void> {
    if (this.looking || this.stopped) return
    this.looking = true
    try {
      await this.take()
    } catch {
      // The connection broke: it looks again.
    } finally {
      this.looking = false
    }
  }

  private async take(): Promise<void> {
    const { id } = this.sweep
    if (this.pending.size === 0) return
    const news = (await this.redis.hkeys(resultsKey(id))).filter((each) => this.pending.has(each))
    for (let i = 0; i < news.length; i += AT_ONCE) {
      const some = news.slice(i, i + AT_ONCE)
      const texts = await this.redis.hmget(resultsKey(id), ...some)
      some.forEach((field, j) => this.found(field, texts[j]))
    }
    for (const job of await this.failures()) {
      const pending = [...this.pending.entries()].find(([, { order }]) => orderId(order) === job.id)
      if (pending !== undefined) this.failed.set(pending[0], job.failedReason)
    }
    if (this.failed.size > 0 && this.failed.size === this.pending.size)
      return this.end(new RunsFailed(this.failureWords()))
    this.idle = news.length > 0 ? 0 : this.idle + 1
    if (this.idle > 0 && this.idle % LOOKS === 0) await this.askAgain()
  }

  private found(field: string, text: string | null): void {
    const pending = this.pending.get(field)
    if (text === null || pending === undefined) return
    const replication = this.results.addText(pending.of, text)
    this.results.onNew(pending.of, text)
    this.pending.delete(field)
    this.failed.delete(field)
    this.done++
    this.requests += replication.generated
    pending.resolve(replication)
  }

  /** Where the queue is empty and results are missing, Redis has lost them: it was started anew, or somebody cleaned it. */
  private async askAgain(): Promise<void> {
    const counts = await this.queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized')
    if (Object.values(counts).some((each) => each > 0)) return
    await this.publish()
    this.fresh = [...this.pending]
      .filter(([field]) => !this.failed.has(field))
      .map(([, each]) => each)
    await this.send()
  }

  private async failures() {
    const all = await this.queue.getFailed()
    return all.filter((job) => job?.data.sweep === this.sweep.id)
  }

  private failureWords(): string {
    const lines = new Map<string, number>()
    for (const reason of this.failed.values()) lines.set(reason, (lines.get(reason) ?? 0) + 1)
    const told = [...lines]
      .slice(0, 5)
      .map(([reason, count]) => `${plural(count, 'run')} failed: ${reason}`)
    return told.join('\n')
  }

  private end(error: Error): void {
    const all = [...this.pending.values()]
    this.pending.clear()
    for (const { reject } of all) reject(error)
  }

  /** Whether a run is one of the sweep's: who writes to Redis may write anything. */
  private allRuns(): (of: RunOf) => boolean {
    return ({ cell, strategy }) =>
      this.sweep.cells[cell]?.question.contenders.some(({ label }) => label === strategy) ?? false
  }
}

function runOf(field: string): RunOf {
  const [cell, seed, warmup, ...strategy] = field.split(' ')
  return {
    cell: Number(cell),
    seed: Number(seed),
    warmup: Number(warmup),
    strategy: strategy.join(' '),
  }
}
