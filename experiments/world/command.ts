import { type Command, Option } from 'commander'
import { readWarmup } from '../load/options.ts'
import { readSeconds, readStrategies, readWhole } from '../sim/options.ts'

const WORLDS = ['sim', 'live', 'both'] as const
const FORMATS = ['human', 'json', 'markdown'] as const

/** What `evenkeel experiment` was asked for. */
export interface ExperimentFlags {
  readonly world: (typeof WORLDS)[number]
  readonly strategy?: readonly string[]
  readonly duration?: number
  readonly warmup?: number
  readonly seed?: number
  readonly format: (typeof FORMATS)[number]
  readonly out?: string
}

const NOTES = `
In the world sim all is virtual; in the world live the servers of the scenario have
sockets on this machine, the proxy is the real one, and its clients send what the
simulator's would send, at the same times: the same arrivals, work and keys, from the
same seed. Both give the same figures. What happens on the way happens in both.

What nobody can do with real sockets is told before anything is started: several
proxies, news that are old, a network of its own, noisy neighbours.

How far both are apart on average, and what is to be expected: npx evenkeel twin.

Exit codes:
  0    done
  2    bad arguments, or a scenario that cannot be run so
  3    could not decide: a live run was disturbed
  130  stopped by Ctrl-C; what was known until then is told
  1    anything else

Examples:
  npx evenkeel experiment two-choices --world both --duration 10s
  npx evenkeel experiment my-scenario.yaml --world live --strategy random,power_of_two
  npx evenkeel experiment equal --world both --format json --out experiment`

/** Adds the verb `experiment`. */
export function addExperimentCommand(program: Command): void {
  program
    .command('experiment')
    .description('run a scenario in the simulator, with real sockets, or in both worlds')
    .argument('<scenario>', 'a folder, a file, or the name of one that comes along')
    .addOption(new Option('--world <world>', 'where').choices([...WORLDS]).default('both' as const))
    .option(
      '--strategy <list>',
      "names and name{option: value}, with commas between (default: the scenario's)",
      readStrategies,
    )
    .option('--duration <time>', 'how long requests arrive: 10s', readSeconds)
    .option('--warmup <time>', 'what to leave out at the beginning: 500ms, 0', readWarmup)
    .option('--seed <number>', 'draws other requests', readWhole(0, 2 ** 32 - 1))
    .addOption(
      new Option('--format <format>', 'how to tell').choices([...FORMATS]).default('human'),
    )
    .option('--out <folder>', 'writes result.json and table.md into it as well')
    .addHelpText('after', NOTES)
    .action(async (scenario: string, flags: ExperimentFlags) => {
      const { experiment } = await import('./experiment.ts')
      process.exitCode = await experiment(scenario, flags)
    })
}
