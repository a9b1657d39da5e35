import { type Command, Option } from 'commander'
import { addReadFlags } from '../trace/options.ts'
import { FORMATS } from './formats.ts'
import * as options from './options.ts'

const NOTES = `
A scenario is a folder with a scenario.ts, a module whose default export is one,
or a .yaml or .json file. Strategies are names, names with options, and files of
your own; all of them meet the same requests. Each figure is a mean over
replications, with its 95 % interval.

An experiment brings its strategies along, its own ones too. Times on the
command line are seconds, or have a unit: 500ms, 30s, 2m, 1h, 1d.

Warm-up: by itself the scenario's own, else auto: where response times have
found their level in a pilot run (MSER-5). Where there is no level, no mean is
told.

A trace is replayed with its own times, keys and service times. What --trace
reads is what evenkeel trace reads, and --work may be a distribution, too:
"{type: exponential, mean: 10ms}". Without a scenario servers are alike, and all
strategies there are take part.

Exit codes:
  0    done
  2    bad arguments, or a scenario or strategy that cannot be used
  3    could not decide: --until-precise was not reached
  130  stopped by Ctrl-C; what was known until then is told
  1    anything else

Examples:
  npx evenkeel sim --list
  npx evenkeel sim two-choices
  npx evenkeel sim two-choices --strategy random,'power_of_two{choices: 3}'
  npx evenkeel sim my-scenario.yaml --strategy round_robin,./my-strategy.ts
  npx evenkeel sim my-scenario.yaml --until-precise 1% --format json
  npx evenkeel sim --trace access.log --servers 5
  npx evenkeel sim --init my-scenario.yaml`

/** Adds the verb `sim`. */
export function addSimCommand(program: Command): void {
  const command = program
    .command('sim')
    .description('run a scenario in virtual time, with strategies side by side')
    .argument('[scenario]', 'a folder, a file, or the name of an experiment that comes along')
    .option(
      '--strategy <list>',
      'names, name{option: value} and files, with commas between (default: those of the scenario, or of its experiment)',
      options.readStrategies,
    )
    .option(
      '--reps <number>',
      'replications, each with a seed of its own',
      options.readReps,
      options.DEFAULT_REPS,
    )
    .option(
      '--until-precise <share>',
      'go on until the intervals of mean and p99 are as narrow as that: 1%',
      options.readPrecision,
    )
    .option(
      '--max-reps <number>',
      'where --until-precise gives up',
      options.readReps,
      options.MOST_REPS,
    )
    .option(
      '--warmup <time>',
      'what to leave out at the beginning: auto, 500ms, 5s, 0',
      options.readWarmup,
    )
    .option(
      '--duration <time>',
      'how long requests arrive, in virtual time: 60s, 10m, 1d',
      options.readSeconds,
    )
    .option('--seed <number>', 'draws another story', options.readWhole(0, 2 ** 32 - 1))
    .option('--trace <file>', 'replay recorded requests, in place of what the scenario sends')
    .option(
      '--servers <number>',
      'how many for a trace without a scenario (default: 3)',
      options.readWhole(1, 10_000),
    )
    .option(
      '--speed <factor>',
      'how much faster than it was recorded: 10 or 10x',
      options.readSpeed,
    )
    .option('--spread', 'put requests of a clock of whole seconds anywhere in their second')
    .option('--threads <number>', 'how many to use (default: all)', options.readWhole(1, 256))
    .addOption(
      new Option('--format <format>', `how to tell: ${FORMATS.join(', ')}`)
        .default('human')
        .argParser(options.readFormat),
    )
    .option('--out <folder>', 'writes result.json, table.md and table.csv into it as well')
    .addOption(
      new Option('--world <world>', 'where: in the simulator')
        .choices(['sim'])
        .default('sim')
        .hideHelp(),
    )
    .option('--list', 'list the experiments that come along, with what they found')
    .option('--init [file]', 'write a scenario to begin with, explained line by line')
    .allowExcessArguments(false)
  addReadFlags(command)
    .addHelpText('after', NOTES)
    .action(async (scenario: string | undefined, flags: options.SimFlags) => {
      const { sim } = await import('./sim.ts')
      process.exitCode = await sim(scenario, flags)
    })
}
