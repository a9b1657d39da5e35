import { type Command, Option } from 'commander'
import { collect } from '../live/options.ts'
import { readWarmup } from '../load/options.ts'
import { readReps, readSeconds, readStrategies, readWhole } from '../sim/options.ts'

const FORMATS = ['human', 'json', 'markdown'] as const

/** What `evenkeel twin` was asked for. */
export interface TwinFlags {
  readonly strategy?: readonly string[]
  readonly reps: number
  readonly duration?: number
  readonly warmup?: number
  readonly seed?: number
  readonly quick?: true
  readonly threshold?: readonly string[]
  readonly format: (typeof FORMATS)[number]
  readonly out?: string
}

const NOTES = `
A scenario is run with real sockets (its servers, the proxy and its clients on this
machine) and in the simulator, from the same seed: the same arrivals, work, keys and
dice. What cannot be known beforehand, the time that a message takes, is measured
once, on one server alone, and put into what is foretold of all others.

Those that come along: equal, unequal, black-hole, slow-down, short-queues.

The machine should be idle. How late generator, proxy and servers were is measured,
and a run that was disturbed is marked as invalid.

Thresholds: twin.p50.error, twin.p95.error and twin.p99.error, as shares of what was
measured; twin.share.error, in points, of the server that is furthest off; and
twin.ranking: no two strategies ranked the other way round, of those that both worlds
can tell apart. A gate file can ask the same: npx evenkeel check --help.

Exit codes:
  0    done, and the thresholds hold; without any the goal is met: p50 within 5 %,
       p99 within 10 %, shares within 1 point, and no two strategies ranked the
       other way round
  99   a threshold, or the goal, is missed
  3    could not decide: runs were disturbed, or nothing could be told apart
  2    bad arguments, or a scenario that cannot be run with real sockets
  130  stopped by Ctrl-C; what was known until then is told
  1    anything else

Examples:
  npx evenkeel twin                             all that come along, about 10 minutes
  npx evenkeel twin --quick
  npx evenkeel twin unequal black-hole --strategy random,power_of_two --reps 5
  npx evenkeel twin equal --threshold 'twin.p99.error < 10%' --threshold twin.ranking
  npx evenkeel twin my-scenario.yaml --duration 10s --out twin`

/** Adds the verb `twin`. */
export function addTwinCommand(program: Command): void {
  program
    .command('twin')
    .description('foretell scenarios, measure them with real sockets, and print the error')
    .argument('[scenario...]', 'names of those that come along, files or folders (default: all)')
    .option(
      '--strategy <list>',
      'names and name{option: value}, with commas between',
      readStrategies,
    )
    .option('--reps <number>', 'runs of each, each with a seed of its own', readReps, 3)
    .option('--duration <time>', 'how long requests arrive: 6s', readSeconds)
    .option('--warmup <time>', 'what to leave out at the beginning: 500ms, 0', readWarmup)
    .option('--seed <number>', 'draws other requests', readWhole(0, 2 ** 32 - 1))
    .option('--quick', 'one short run of two scenarios and two strategies: does it work at all?')
    .option(
      '--threshold <rule>',
      'what must hold, in place of the goal; can be given several times',
      collect,
    )
    .addOption(
      new Option('--format <format>', 'how to tell').choices([...FORMATS]).default('human'),
    )
    .option('--out <folder>', 'writes result.json and table.md into it as well')
    .addHelpText('after', NOTES)
    .action(async (scenarios: string[], flags: TwinFlags) => {
      const { twin } = await import('./twin.ts')
      process.exitCode = await twin(scenarios, flags)
    })
}
