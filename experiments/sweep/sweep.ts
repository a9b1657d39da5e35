import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { plural } from '../../simulator/format.ts'
import { Interrupt } from '../live/interrupt.ts'
import { Progress } from '../sim/progress.ts'
import { WrongInput } from '../sim/wrong-input.ts'
import { cellsOf } from './cells.ts'
import { collect, studiesOf, workOf } from './collect.ts'
import { complaining, DONE, INTERRUPTED, say } from './ends.ts'
import { nameOf, readResults, ResultsFile } from './file.ts'
import { makeFolder } from '../sim/folder.ts'
import { LocalRunner } from './local.ts'
import type { SweepFlags } from './options.ts'
import { type Sweep, sweepOf } from './plan.ts'
import { addressOf } from './redis/address.ts'
import { foundOf, tell } from './report.ts'
import { Results } from './results.ts'
import { type Shard, WHOLE } from './shard.ts'

/** Runs a sweep, or a part of it, and gives the exit code. */
export async function sweep(paths: readonly string[], flags: SweepFlags): Promise<number> {
  const interrupt = new Interrupt(() => process.exit(INTERRUPTED))
  try {
    return await complaining('sweep', () => run(paths, flags, interrupt))
  } finally {
    interrupt.release()
  }
}

async function run(
  paths: readonly string[],
  flags: SweepFlags,
  interrupt: Interrupt,
): Promise<number> {
  const { out, redis, shard = WHOLE } = flags
  check(flags)
  const asked = sweepOf(await cellsOf(paths, flags, interrupt))
  const results = new Results(asked)
  if (redis !== undefined) {
    const { runOverRedis } = await import('./redis/coordinator.ts')
    const code = await runOverRedis(asked, results, { ...flags, redis }, interrupt)
    if (code !== DONE && code !== INTERRUPTED) return code
    if (flags.cancel === true) return code
  } else {
    await runHere(asked, results, flags, interrupt)
  }
  if (shard.of > 1) return toldOfShard(asked, results, shard, out!, interrupt.happened)
  const studies = await studiesOf(asked, results, interrupt.happened)
  await tell(foundOf(asked, studies, flags), flags)
  if (!interrupt.happened) return DONE
  if (out !== undefined && redis === undefined) say('sweep', 'the same command goes on from here')
  return INTERRUPTED
}

function check({ cancel, keep, out, redis, shard, threads }: SweepFlags): void {
  if (shard !== undefined && shard.of > 1 && out === undefined)
    throw new WrongInput(
      '--shard needs --out: a folder for the results, to be merged with the others',
    )
  if (redis !== undefined && threads !== undefined)
    throw new WrongInput(
      '--threads is for this machine: with --redis, workers have a --concurrency',
    )
  const idle = cancel === true ? '--cancel' : keep === true ? '--keep' : undefined
  if (redis === undefined && idle !== undefined)
    throw new WrongInput(`${idle} goes with --redis alone`)
  if (redis !== undefined) addressOf(redis, process.env)
  if (out !== undefined) makeFolder(out)
}

/** On threads of this machine; with a folder, nothing that is in it already is run again. */
async function runHere(
  asked: Sweep,
  results: Results,
  { out, shard = WHOLE, threads }: SweepFlags,
  interrupt: Interrupt,
): Promise<void> {
  const file = out === undefined ? undefined : open(asked, results, shard, out)
  const { pilots, runs } = workOf(asked, shard)
  const runner = new LocalRunner(asked, results, runs + pilots, threads)
  void interrupt.first.then(() => runner.stop())
  const progress = new Progress(process.stderr, runner)
  try {
    await collect(asked, runner, shard)
  } catch (error) {
    if (!interrupt.happened) throw error
  } finally {
    progress.end()
    await runner.close()
    file?.close()
  }
}

function open(asked: Sweep, results: Results, shard: Shard, out: string): ResultsFile {
  const path = join(out, nameOf(shard))
  const saved = existsSync(path) ? readResults(path) : undefined
  if (saved !== undefined && saved.head.sweep !== asked.id) {
    throw new WrongInput(
      `${path} has results of another sweep (${saved.head.sweep}, and this is ${asked.id}): name another --out`,
    )
  }
  for (const { of, text } of saved?.runs ?? []) results.addText(of, text)
  const file = new ResultsFile(path, asked, shard, saved)
  results.onNew = (of, text) => file.add(of, text)
  if (results.size > 0) say('sweep', `${plural(results.size, 'run')} of before found in ${path}`)
  return file
}

function toldOfShard(
  { id }: Sweep,
  results: Results,
  { index, of }: Shard,
  out: string,
  interrupted: boolean,
): number {
  const path = join(out, nameOf({ index, of }))
  if (interrupted) {
    say(
      'sweep',
      `stopped: ${plural(results.size, 'run')} in ${path}; the same command goes on from here`,
    )
    return INTERRUPTED
  }
  process.stdout.write(
    `Part ${index} of ${of} of sweep ${id} is done: ${path}\n` +
      `When all parts are: npx evenkeel sweep merge ${out}\n`,
  )
  return DONE
}
