import { type Command, InvalidArgumentError, Option } from 'commander'
import { AGAINST, FORMATS } from './formats.ts'
import * as options from './options.ts'
import type { Axis } from './vary.ts'

const NOTES = `
A sweep is every strategy in every scenario, in every variation of it, under
every seed. All strategies meet the same requests. A scenario is what evenkeel
sim takes, and so is a strategy.

--vary changes a place in the scenario: arrivals.rate=100,200 or
arrivals.rate=100..300/50 (from, to, step), servers[0].speed=1,0.5, or a whole
part: "work={type: constant, value: 10ms},{type: exponential, mean: 10ms}".
Several of them are crossed. Of what varies the curve is told, and where another
strategy is best from there on.

With --out each run is on disk as soon as it is done: the same command goes on
where it was stopped. Parts on several machines (--shard) go into folders that
evenkeel sweep merge takes; with --redis, workers anywhere do the runs. However
it was run, the same sweep gives the same bytes.

Exit codes:
  0    done
  2    bad arguments, or a scenario, strategy or file that cannot be used
  130  stopped by Ctrl-C; what was known until then is told
  1    anything else

Examples:
  npx evenkeel sweep two-choices stale-herd --reps 20
  npx evenkeel sweep my-scenario.yaml --strategy random,power_of_two,maglev \\
    --vary arrivals.rate=100..300/50 --seeds 1..50 --metric p99
  npx evenkeel sweep my-scenario.yaml --shard 2/4 --out results
  npx evenkeel sweep merge results
  npx evenkeel sweep my-scenario.yaml --redis redis://queue.example:6379
  npx evenkeel sweep worker --redis redis://queue.example:6379`

const MERGE_NOTES = `
Exit codes:
  0  done
  2  bad arguments, or parts that are missing or do not belong together
  1  anything else

Example:
  npx evenkeel sweep merge machine-1 machine-2`

const WORKER_NOTES = `
Runs of one version are done by workers of that version alone. A worker never
runs code that came over Redis: of files of strategies only their SHA-256 is
sent, and the file in the folder of --strategies that has it is run.

Without a URL, --redis takes the one in REDIS_URL, which no list of processes
shows, or redis://127.0.0.1:6379. rediss:// is TLS; NODE_EXTRA_CA_CERTS names a
certificate authority of your own.

Ctrl-C ends it after the runs under way; a second one at once.

Exit codes:
  0    stopped by Ctrl-C, with what was under way done
  2    bad arguments
  130  stopped by a second Ctrl-C
  1    anything else: no Redis there

Examples:
  npx evenkeel sweep worker --redis redis://queue.example:6379
  REDIS_URL=rediss://:secret@queue.example npx evenkeel sweep worker --redis
  npx evenkeel sweep worker --redis --concurrency 4 --strategies ./strategies`

/** Adds the verb `sweep`. */
export function addSweepCommand(program: Command): void {
  // Or the flags of merge and worker would be the sweep's.
  const sweep = program.enablePositionalOptions().command('sweep').enablePositionalOptions()
  sweep
    .description('strategies × scenarios × seeds, on this machine or on many')
    .argument('[scenario...]', 'folders, files, or names of experiments that come along')
    .option(
      '--strategy <list>',
      'names, name{option: value} and files, with commas between (default: those of the scenario, or of its experiment)',
      options.readStrategies,
    )
    .option(
      '--vary <place=values>',
      'a place in the scenario, and what it is in turn; can be given several times',
      (text: string, before: readonly string[] | undefined) => [...(before ?? []), text],
    )
    .addOption(
      new Option('--seeds <list>', 'which seeds: 1..50, or 1,5,9')
        .argParser(options.readSeeds)
        .conflicts('reps'),
    )
    .option(
      '--reps <number>',
      `how many seeds, made of the scenario's (default: ${options.DEFAULT_REPS})`,
      options.readReps,
    )
    .option('--warmup <time>', 'what to leave out at the beginning', options.readWarmup)
    .option('--duration <time>', 'how long requests arrive', options.readSeconds)
    .option('--threads <number>', 'how many to use (default: all)', options.readWhole(1, 256))
    .addOption(
      new Option('--shard <i/n>', 'run the i-th of n parts; needs --out')
        .argParser(options.readShard)
        .conflicts('redis'),
    )
    .option('--redis [url]', 'workers that wait there do the runs (default: $REDIS_URL)')
    .option('--keep', 'leave results in Redis for a week, where they can be asked again')
    .option('--cancel', 'remove the sweep from Redis, and what it found')
  addReportFlags(sweep)
    .addHelpText('after', NOTES)
    .action(async (scenarios: string[], given: Given) => {
      const { vary = [], ...flags } = given
      const { sweep: run } = await import('./sweep.ts')
      process.exitCode = await run(scenarios, { ...flags, vary: await axesOf(vary, sweep) })
    })
  addReportFlags(sweep.command('merge'))
    .description('put the parts of a sweep together, and tell what all of it says')
    .argument('<files...>', 'files of results, or folders with them')
    .addHelpText('after', MERGE_NOTES)
    .action(async (paths: string[], flags: options.ReportFlags) => {
      const { merge } = await import('./merge.ts')
      process.exitCode = await merge(paths, flags)
    })
  sweep
    .command('worker')
    .description('do runs of sweeps that wait in Redis')
    .requiredOption('--redis [url]', 'where (default: $REDIS_URL)')
    .option(
      '--concurrency <number>',
      'runs at the same time (default: one a core)',
      options.readWhole(1, 256),
    )
    .option('--strategies <folder>', 'run files of strategies that are in this folder')
    .option(
      '--lost-after <time>',
      'what a worker that is not heard of counts as lost after (default: 30s)',
      options.readSeconds,
    )
    .allowExcessArguments(false)
    .addHelpText('after', WORKER_NOTES)
    .action(async (flags: options.WorkerFlags) => {
      const { worker } = await import('./redis/worker.ts')
      process.exitCode = await worker(flags)
    })
}

/** As it was given: to read values takes YAML, which is loaded when it is needed. */
type Given = Omit<options.SweepFlags, 'vary'> & { readonly vary?: readonly string[] }

async function axesOf(texts: readonly string[], sweep: Command): Promise<readonly Axis[]> {
  const { readVary } = await import('./vary.ts')
  let axes: readonly Axis[] = []
  for (const text of texts) {
    try {
      axes = readVary(text, axes)
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error
      sweep.error(`error: option '--vary' argument '${text}' is invalid. ${error.message}`)
    }
  }
  return axes
}

function addReportFlags(command: Command): Command {
  return command
    .option('--metric <figure>', 'what to judge by', options.readMetric, 'p99')
    .addOption(
      new Option('--against <whom>', 'whom verdicts compare with')
        .choices(AGAINST)
        .default('first'),
    )
    .addOption(
      new Option('--format <format>', `how to tell: ${FORMATS.join(', ')}`)
        .default('human')
        .argParser(options.readFormat),
    )
    .option('--out <folder>', 'writes result.json, table.md and runs.csv into it as well')
}
