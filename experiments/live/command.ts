import { type Command, Option } from 'commander'
import { STRATEGIES } from '../../proxy/strategies/index.ts'
import * as options from './options.ts'

const EXAMPLE = `
A trace is any log that "evenkeel trace inspect" understands by itself: CSV or TSV under a
header, JSON lines, logs of web servers, HAProxy's, this proxy's own, HAR. For others there
is "evenkeel trace convert".

At the end, or with Ctrl-C, requests in flight get up to ${options.LAST_REQUESTS / 1000} s to finish.
A second Ctrl-C ends everything at once.

Exit codes: 0 ended as asked, 1 could not start, broke down, or a strategy of yours
had to be replaced on the way (the summary says why), 2 bad arguments, 130 stopped before
it began, or by a second Ctrl-C.

Examples:
  npx evenkeel up --algorithm least_connections --rate 300
  npx evenkeel up --strategy ./my-strategy.ts
  npx evenkeel up --trace access.tsv --speed 600x
  npx evenkeel up --servers 5 --duration 30s --seed 7`

/** Adds the verb `up`. */
export function addUpCommand(program: Command): void {
  const names = STRATEGIES.filter((each) => each.simulatorOnly !== true)
    .map(({ name }) => name)
    .join(', ')
  const command = program
    .command('up')
    .description('run the lab: fake servers, the proxy and traffic, with a live table')
    .addOption(
      new Option(
        '--strategy, --algorithm <name>',
        `how the proxy chooses a server: ${names}, or a file of your own like ./my-strategy.ts`,
      )
        .env('ALGORITHM')
        .default('round_robin')
        .argParser(options.readAlgorithm),
    )
    .option('--servers <number>', 'how many fake servers, 1 to 20', options.readWhole(1, 20), 3)
    .option(
      '--rate <number>',
      `requests a second, up to 5000 (default: ${options.DEFAULT_RATE})`,
      options.readRate(5000),
    )
    .option(
      '--duration <time>',
      'for how long: 30s, 5m (default: until Ctrl-C)',
      options.readDuration,
    )
    .option('--trace <file>', 'replay recorded requests at their own times, see below')
    .option(
      '--speed <factor>',
      'how much faster than it was recorded: 600 or 600x (default: 1)',
      options.readSpeed,
    )
    .option('--host <address>', 'where all of it listens', '127.0.0.1')
    .option(
      '--port <number>',
      "the proxy's port; 0 takes a free one",
      options.readWhole(0, 65_535),
      8080,
    )
    .option(
      '--backend-port <number>',
      "the first fake's port; the others follow; 0 takes free ones",
      options.readWhole(0, 65_535),
      9001,
    )
    .option(
      '--admin-port <number>',
      'where the page is that can break servers and steer the proxy, on this machine alone (default: the next port, or a free one)',
      options.readWhole(0, 65_535),
    )
    .option(
      '--failure-rate <share>',
      'the share of requests that the last fake fails',
      options.readShare,
      0,
    )
    .option(
      '--seed <number>',
      'makes traffic and fakes repeatable',
      options.readWhole(0, 2 ** 32 - 1),
      1,
    )
    .allowExcessArguments(false)
    .addHelpText('after', EXAMPLE)
  command.action(async (flags: options.UpFlags) => {
    const wanted = checked(command, flags)
    const { up } = await import('./up.ts')
    process.exitCode = await up(wanted)
  })
}

function checked(command: Command, flags: options.UpFlags): options.UpOptions {
  try {
    return options.checkFlags(flags)
  } catch (error) {
    if (!(error instanceof options.FlagsError)) throw error
    return command.error(`error: ${error.message}`, { exitCode: 2 })
  }
}
