import { hostname, availableParallelism } from 'node:os'
import { statSync } from 'node:fs'
import { type Job as QueueJob, UnrecoverableError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { plural } from '../../../simulator/format.ts'
import { Interrupt } from '../../live/interrupt.ts'
import { Replicator } from '../../sim/replicator.ts'
import { WrongInput } from '../../sim/wrong-input.ts'
import { encode } from '../encoding.ts'
import { BROKEN, complaining, DONE, INTERRUPTED, say } from '../ends.ts'
import type { WorkerFlags } from '../options.ts'
import { keyOf } from '../results.ts'
import { addressOf } from './address.ts'
import { connect, disconnect, NoRedis } from './connect.ts'
import { isOrder, KEPT, type Order, planKey, PREFIX, QUEUE, resultsKey } from './names.ts'
import { Plans } from './plans.ts'

/** How often a run may be taken from a lost worker before it counts as what loses them. */
const LOST = 3

/** When a worker that is not heard of counts as lost, in milliseconds. */
const LOST_AFTER = 30_000

const VERB = 'sweep worker'

/** Does runs of sweeps until somebody says stop, and gives the exit code. */
export function worker(flags: WorkerFlags): Promise<number> {
  return complaining(VERB, async () => {
    const { concurrency = availableParallelism(), strategies } = flags
    const address = addressOf(flags.redis, process.env)
    if (
      strategies !== undefined &&
      statSync(strategies, { throwIfNoEntry: false })?.isDirectory() !== true
    )
      throw new WrongInput(`--strategies ${strategies} is no folder`)
    let redis: Redis
    try {
      redis = await connect(address, (text) => say(VERB, text))
    } catch (error) {
      if (!(error instanceof NoRedis)) throw error
      say(VERB, error.message)
      return BROKEN
    }
    const interrupt = new Interrupt(() => process.exit(INTERRUPTED))
    const replicator = new Replicator(undefined, concurrency)
    try {
      const done = await work(
        redis,
        replicator,
        { ...flags, concurrency },
        interrupt,
        address.shown,
      )
      say(VERB, `ended after ${plural(done, 'run')}`)
    } finally {
      interrupt.release()
      await replicator.close()
      disconnect(redis)
    }
    return DONE
  })
}

async function work(
  redis: Redis,
  replicator: Replicator,
  {
    concurrency,
    lostAfter = LOST_AFTER,
    strategies,
  }: WorkerFlags & { readonly concurrency: number },
  interrupt: Interrupt,
  where: string,
): Promise<number> {
  const plans = new Plans(redis, strategies)
  let done = 0
  let sweep = ''
  const bull = new Worker<unknown>(
    QUEUE,
    async ({ data }: QueueJob<unknown>) => {
      if (!isOrder(data)) throw new UnrecoverableError('a job in Redis is no run of a sweep')
      if (data.sweep !== sweep) say(VERB, `runs of sweep ${data.sweep}`)
      sweep = data.sweep
      if (await runOne(redis, replicator, plans, data)) done++
    },
    {
      connection: redis,
      prefix: PREFIX,
      // Redis lists its clients by name, and takes no spaces.
      name: `${hostname()}-${process.pid}`.replaceAll(/[^\w.-]/g, '-'),
      concurrency,
      lockDuration: lostAfter,
      stalledInterval: lostAfter,
      maxStalledCount: LOST,
    },
  )
  bull.on('failed', (_job, error) => say(VERB, error.message))
  bull.on('stalled', () => say(VERB, 'a worker was lost: its run is taken over'))
  // What breaks is the connection, and that tells it itself.
  bull.on('error', () => {})
  await bull.waitUntilReady()
  say(VERB, `${plural(concurrency, 'run')} at a time, from ${where}`)
  await interrupt.first
  await bull.close()
  return done
}

/** Whether it was run: what has a result already, or is wanted no more, is not. */
async function runOne(
  redis: Redis,
  replicator: Replicator,
  plans: Plans,
  order: Order,
): Promise<boolean> {
  const { cell, seed, sweep, warmup } = order
  try {
    const found = await plans.jobOf(order)
    if (found === undefined) return false
    const field = keyOf({ cell, strategy: found.label, seed, warmup })
    if ((await redis.hexists(resultsKey(sweep), field)) === 1) return false
    const text = encode(await replicator.run(found.job))
    // Nobody may want it any more.
    if ((await redis.exists(planKey(sweep))) === 0) return false
    await redis.hset(resultsKey(sweep), field, text)
    await redis.expire(resultsKey(sweep), KEPT)
    return true
  } catch (error) {
    if (error instanceof WrongInput) throw new UnrecoverableError(error.message)
    throw error
  }
}
