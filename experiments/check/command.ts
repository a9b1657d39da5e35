import { type Command, Option } from 'commander'
import { CLAIM_MEANINGS } from '../../proxy/core/claims.ts'
import { FORMATS } from './formats.ts'
import * as options from './options.ts'
import { DEFAULT_RUNS } from './verdicts.ts'

const CLAIMS = Object.entries(CLAIM_MEANINGS).map(
  ([claim, meaning]) => `  ${claim.padEnd(15)}  ${meaning}`,
)

const NOTES = `
A file's default export is a class of strategies, or a function that makes one; the
README has an example. Beside it, it may export:
  promise   what it promises of shares over time: 'equal', 'weight' or 'adaptive'
            (default), which promises nothing
  keyed     true: the pick depends on the request's key
  claims    laws of a kind that it wants to be held to: ['turn'], ['least']
  excused   laws that it need not obey, and why: { starvation: 'standby by design' }

Claims:
${CLAIMS.join('\n')}

A gate file (.yaml, .json) lists strategies to hold to the laws, and scenarios to run in
virtual time with what must come of them, judged with intervals over replications:

  laws: [round_robin, ./my-strategy.ts]
  scenarios:
    - scenario: two-choices # one that comes along, a file, or written out here
      strategies: [power_of_two, ./my-strategy.ts]
      thresholds: [p99 < 250ms, errors < 1%, fairness > 0.99]
  twin: # run with real sockets as well: how near is what is foretold? Needs an idle machine
    - scenario: equal
      strategies: [random, power_of_two]
      thresholds: [twin.p50.error < 5%, twin.p99.error < 10%, twin.share.error < 1%]
      runs: 3

All that such a file can say: docs/ci/README.md.

A law that is broken is told with the shortest story that shows it, and the command
that comes to the same again. A file is run with all rights that you have.

Exit codes:
  0    every law and every threshold holds
  99   a law is broken, a threshold is missed, or a strategy is worse than the baseline
  3    could not decide: the report says how many more replications are needed, or
       what disturbed a run with real sockets
  2    bad arguments, or a file that cannot be used
  130  stopped by Ctrl-C; what was found until then is told
  1    anything else

Examples:
  npx evenkeel check ./my-strategy.ts
  npx evenkeel check ./my-strategy.ts --law turn --seed 42
  npx evenkeel check power_of_two maglev --runs 1000
  npx evenkeel check --format junit --out laws.xml
  npx evenkeel check evenkeel.check.yaml --until-decided
  npx evenkeel check evenkeel.check.yaml --save-baseline main.json
  npx evenkeel check evenkeel.check.yaml --baseline main.json --format markdown`

/** Adds the verb `check`. */
export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description('hold strategies to the laws of load balancing, and scenarios to thresholds')
    .argument(
      '[strategy...]',
      'files like ./my-strategy.ts, or names (default: every name there is); or one gate file',
    )
    .option(
      '--seed <number>',
      'draws other examples, and other stories of scenarios (default: 1, or what they say)',
      options.readWhole(0, 2 ** 31 - 1),
    )
    .option('--runs <number>', 'examples a law', options.readWhole(1, 1_000_000), DEFAULT_RUNS)
    .option('--law <id>', 'this law only; can be given several times', options.readLaws)
    .option(
      '--only <scenario>',
      'of a gate file this one only; can be given several times',
      options.readOnly,
    )
    .option(
      '--reps <number>',
      'replications of each scenario in virtual time (default: 10, or what the file says)',
      options.readReps,
    )
    .option('--until-decided', 'run more of what cannot be told yet, twice as many each time')
    .option(
      '--max-reps <number>',
      `where --until-decided gives up (default: ${options.MOST_REPS})`,
      options.readReps,
    )
    .option('--baseline <file>', 'strategies must be no worse than when that was saved')
    .option('--save-baseline <file>', 'writes what every run comes to, to compare with later')
    .option(
      '--threads <number>',
      'how many to use for scenarios (default: all)',
      options.readWhole(1, 256),
    )
    .addOption(
      new Option('--format <format>', `how to tell: ${FORMATS.join(', ')}`)
        .default('human')
        .argParser(options.readFormat),
    )
    .option('--out <file>', 'where to write it (default: standard output)')
    .addHelpText('after', NOTES)
    .action(async (strategies: string[], flags: options.CheckFlags) => {
      const { check } = await import('./check.ts')
      process.exitCode = await check(strategies, flags)
    })
}
