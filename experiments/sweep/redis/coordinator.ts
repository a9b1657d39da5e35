import { plural } from '../../../simulator/format.ts'
import type { Interrupt } from '../../live/interrupt.ts'
import { Progress } from '../../sim/progress.ts'
import { WrongInput } from '../../sim/wrong-input.ts'
import { experiments } from '../../sim/load-scenario.ts'
import { dirname } from 'node:path'
import { collect, sizeOf, workOf } from '../collect.ts'
import { BROKEN, DONE, INTERRUPTED, say } from '../ends.ts'
import type { SweepFlags } from '../options.ts'
import type { Sweep } from '../plan.ts'
import type { Results } from '../results.ts'
import { WHOLE } from '../shard.ts'
import { type Address, addressOf } from './address.ts'
import { connect, disconnect, NoRedis } from './connect.ts'
import { RemoteRunner, RunsFailed } from './runner.ts'

type RedisFlags = SweepFlags & { readonly redis: string | true }

/** Has workers that wait in Redis do the runs, and gives an exit code: 130 where somebody does not want to wait. */
export async function runOverRedis(
  sweep: Sweep,
  results: Results,
  flags: RedisFlags,
  interrupt: Interrupt,
): Promise<number> {
  checkTravels(sweep)
  const address = addressOf(flags.redis, process.env)
  const told = (text: string): void => say('sweep', text)
  let redis
  try {
    redis = await connect(address, told)
  } catch (error) {
    if (!(error instanceof NoRedis)) throw error
    told(error.message)
    told("without --redis it runs on this machine's threads")
    return BROKEN
  }
  const runner = new RemoteRunner(redis, sweep, results, asked(sweep))
  try {
    if (flags.cancel === true) return await cancel(runner, sweep)
    return await wait(sweep, results, runner, { ...flags, address }, interrupt)
  } finally {
    await runner.close()
    disconnect(redis)
  }
}

function asked(sweep: Sweep): number {
  const { pilots, runs } = workOf(sweep, WHOLE)
  return pilots + runs
}

async function cancel(runner: RemoteRunner, { id }: Sweep): Promise<number> {
  const { found, waiting } = await runner.remove()
  process.stdout.write(
    `Sweep ${id} is removed from Redis: ${plural(waiting, 'run')} that waited, ${plural(found, 'result')}.\n`,
  )
  return DONE
}

async function wait(
  sweep: Sweep,
  results: Results,
  runner: RemoteRunner,
  { address, keep }: RedisFlags & { readonly address: Address },
  interrupt: Interrupt,
): Promise<number> {
  await runner.begin()
  if (results.size > 0) say('sweep', `${plural(results.size, 'run')} of before found in Redis`)
  if ((await runner.workers()) === 0 && results.size < sizeOf(sweep)) {
    say('sweep', `no worker is there yet: npx evenkeel sweep worker --redis ${address.shown}`)
  }
  void interrupt.first.then(() => runner.stop())
  const progress = new Progress(process.stderr, runner)
  try {
    await collect(sweep, runner, WHOLE)
  } catch (error) {
    progress.end()
    if (interrupt.happened) {
      say(
        'sweep',
        `stopped: workers go on with sweep ${sweep.id}; the same command waits for it again, and --cancel removes it`,
      )
      return INTERRUPTED
    }
    if (!(error instanceof RunsFailed)) throw error
    say('sweep', error.message)
    say('sweep', 'the others are kept: the same command runs these again')
    return BROKEN
  } finally {
    progress.end()
  }
  if (keep !== true) await runner.remove()
  return DONE
}

/** Strategies of an experiment are found by name, where workers have it, too; files by their hash. */
function checkTravels({ cells }: Sweep): void {
  const ours = new Set(experiments().map(({ folder }) => folder))
  for (const { question } of cells) {
    for (const each of question.contenders) {
      if (!('experiment' in each) || ours.has(dirname(each.experiment))) continue
      throw new WrongInput(
        `${each.label} is of ${each.experiment}, and workers know the experiments that come along alone: ` +
          'make it a file of a strategy, or leave out --redis',
      )
    }
  }
}
