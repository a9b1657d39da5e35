import { type Command, Option } from 'commander'
import { BOUNDS } from '../../simulator/infer/bounds.ts'
import { MOST_REQUESTS } from '../../simulator/infer/book.ts'
import { readStrategies, readWhole } from '../sim/options.ts'
import { addReadFlags } from '../trace/options.ts'
import { FORMATS } from './formats.ts'
import * as options from './options.ts'

const NOTES = `
The log of a period is made into a copy of that world: its own requests, when they
came, in front of servers as they were estimated. First the copy has to do what
was done: learned from one half of the log, tested on the other, through the
strategy that ran. If it cannot, nothing more is told (exit 3), but why. Then it
is asked what other strategies would have done, what happens if a server dies,
and how much traffic it bears.

The proxy's own access log says all of it. HAProxy's httplog, nginx with
$upstream_addr and $upstream_response_time, and CSV or JSON lines with server and
service_ms say enough. Where a log does not say who served, --servers does.

Exit codes:
  0    done
  2    bad arguments, or a log that cannot be used
  3    the copy does not do what was done, or there are too few requests to say
  130  stopped by Ctrl-C; what was known until then is told
  1    anything else

Examples:
  npx evenkeel plan access.log --config lb.yaml --strategy peak_ewma
  npx evenkeel plan access.log --current least_connections --add 1 \\
    --bound 'p99<250ms'
  npx evenkeel plan access.log --current round_robin --rate 1.3x \\
    --from 2026-03-09T12:00Z --to 2026-03-09T13:00Z --format markdown`

/** Adds the verb `plan`. */
export function addPlanCommand(program: Command): void {
  const command = program
    .command('plan')
    .description(
      'what another strategy, or another pool, would have done with the requests of a log',
    )
    .argument('<log>', 'the access log, or - for standard input')
    .option(
      '--strategy <list>',
      'what to try: names, name{option: value} and files',
      readStrategies,
    )
    .option('--current <strategy>', 'what ran when the log was written (default: as --config says)')
    .option('--config <file>', 'the configuration that ran: strategy, weights, limits, retries')
    .addOption(moment('--from <time>', 'leave out what came before', 0, 'the first request'))
    .addOption(moment('--to <time>', 'leave out what came then or later', Infinity, 'the last'))
    .option('--add <number>', 'with so many more servers', readWhole(1, 1000))
    .option('--remove <list>', 'without these servers', options.readNames)
    .option('--weight <list>', 'with other weights: s1=2,s2=1', options.readWeights)
    .option('--rate <factor>', 'with so many times as many requests: 1.3x', options.readGrowth, 1)
    .option(
      '--bound <limit>',
      'what traffic may grow to: p99<250ms (default: twice of now)',
      options.readBound,
    )
    .option('--no-headroom', 'do not ask what happens if a server dies, or traffic grows')
    .option(
      '--servers <number>',
      'how many there were, for a log that does not say',
      readWhole(1, 10_000),
    )
    .option(
      '--workers <number>',
      'what each of them can do at a time (default: anything)',
      readWhole(1, 10_000),
    )
    .addOption(off('--max-p50 <share>', 'how far off p50 of the copy may be', BOUNDS.p50))
    .addOption(off('--max-p99 <share>', 'how far off p99 of the copy may be', BOUNDS.p99))
    .addOption(off('--max-share <share>', "how far off a server's share may be", BOUNDS.share))
    .option('--anyway', 'tell of other strategies even if the copy is off')
    .option('--reps <number>', 'runs of each, with other dice', readWhole(1, 1000), 5)
    .option('--seed <number>', 'of those dice', readWhole(0, 2 ** 31), 1)
    .option(
      '--most <number>',
      'requests to keep in memory, the latest',
      readWhole(1000, 50_000_000),
      MOST_REQUESTS,
    )
    .addOption(new Option('--format <format>', 'how to tell').choices(FORMATS).default('human'))
    .option('--out <folder>', 'writes plan.json and plan.md into it as well')
    .allowExcessArguments(false)
  addReadFlags(command)
    .addHelpText('after', NOTES)
    .action(async (file: string, flags: options.PlanFlags) => {
      const { plan } = await import('./plan.ts')
      process.exitCode = await plan(file, flags)
    })
}

function moment(flag: string, words: string, value: number, shown: string): Option {
  return new Option(flag, words).default({ after: value }, shown).argParser(options.readMoment)
}

function off(flag: string, words: string, value: number): Option {
  return new Option(flag, words).default(value, `${value * 100}%`).argParser(options.readPart)
}
