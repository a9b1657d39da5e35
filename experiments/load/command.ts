import { type Command, Option } from 'commander'
import { readSeconds } from '../sim/options.ts'
import { FORMATS } from './formats.ts'
import * as options from './options.ts'

const NOTES = `
Open model, unless --users: requests are due by a clock, whatever becomes of
those before. Response time counts from when a request was due, service time
from when it was sent. Where the generator itself fell behind, the run is marked
INVALID.

Arrivals are poisson (default) or paced with a --rate; or ramp, steps, bursts,
diurnal and closed with what a scenario says of them, as in
'ramp{from: 10, to: 500, duration: 30s}'; or a file with such; or a scenario.

What is asked for: a --behaviour, --path, or the URL's own path; with none of
them pages of the shop that the fakes of "evenkeel up" play.

Thresholds: "p99 < 250ms", "errors < 1%", "share(b1) < 40%", "fairness > 0.99",
"goodput > 90/s". One that cannot be decided says how many more requests it
would take.

Exit codes:
  0    done, and every threshold held
  99   a threshold failed
  2    bad arguments
  3    could not decide: too few samples, or an INVALID run
  130  stopped by Ctrl-C; what was measured until then is told
  1    anything else: a target that cannot be reached, or never answered

Examples:
  npx evenkeel load http://127.0.0.1:8080 --rate 200 --duration 30s
  npx evenkeel load http://127.0.0.1:8080 --find-ceiling
  npx evenkeel load http://127.0.0.1:8080 --users 50 --think 100ms
  npx evenkeel load http://127.0.0.1:8080 --trace access.log --speed 10x
  npx evenkeel load https://127.0.0.1:8443/health --ca ca.pem --rate 20
  npx evenkeel load http://127.0.0.1:8080 --behaviour ./shoppers.ts --out found
  npx evenkeel load http://127.0.0.1:8080 --threshold 'p99 < 250ms' \\
    --threshold 'errors < 1%' --format junit --out load.xml`

/** Adds the verb `load`. */
export function addLoadCommand(program: Command): void {
  const whole = options.readWhole
  program
    .command('load')
    .description('send requests to a URL, and tell the truth of what came of them')
    .argument('<url>', 'where to: http://127.0.0.1:8080')
    .option(
      '--arrivals <process>',
      'how requests come: poisson, paced, or see below (default: poisson)',
    )
    .option(
      '--rate <number>',
      `requests a second (default: ${options.DEFAULT_RATE})`,
      options.readRate,
    )
    .option(
      '--users <number>',
      'a closed model: so many users, who wait for answers',
      whole(1, 100_000),
    )
    .option(
      '--think <time>',
      "how long users think: 100ms, or 'exponential{mean: 1s}' (default: 0)",
    )
    .option('--trace <file>', 'replay recorded requests at their own times')
    .option('--speed <factor>', 'how much faster than recorded: 10 or 10x', options.readSpeed)
    .option(
      '--behaviour <file>',
      'what users do: a TypeScript file, see experiments/load/README.md',
    )
    .option('--path <path>', 'what to ask for; several take turns', options.readPath)
    .option('--method <name>', 'the method (default: GET, or POST with a body)', options.readMethod)
    .option('--header <line>', 'a header of each request: "Accept: text/html"', options.readHeader)
    .option('--body <text>', 'the body of each request, or @file')
    .option('--duration <time>', 'for how long: 30s, 5m (default: 30s, or the trace)', readSeconds)
    .option(
      '--warmup <time>',
      'what to leave out at the beginning: 5s (default: 0)',
      options.readWarmup,
    )
    .addOption(
      new Option('--timeout <time>', 'how long an answer may take')
        .argParser(readSeconds)
        .default(30_000, '30s'),
    )
    .option(
      '--max-lateness <time>',
      'how late requests may be sent at p99 (default: 10ms, or a tenth of p99)',
      readSeconds,
    )
    .option('--seed <number>', 'draws other requests', whole(0, 2 ** 32 - 1), 1)
    .option(
      '--connections <number>',
      'at most so many; the others wait (default: as many as needed)',
      whole(1, 65_535),
    )
    .option(
      '--max-in-flight <number>',
      'what is due beyond is shed, and counted',
      whole(1, 1_000_000),
      10_000,
    )
    .option('--no-keep-alive', 'a connection of its own for each request')
    .option('--insecure', 'believe any certificate')
    .option('--ca <file>', 'who signs certificates: a PEM file')
    .option(
      '--server-header <name>',
      'the field of an answer that names its server',
      options.readHeaderName,
      'x-served-by',
    )
    .option(
      '--rehearsal <number>',
      'requests beforehand to a server of our own, to warm up our code; 0: none',
      whole(0, 100_000),
      options.DEFAULT_REHEARSAL,
    )
    .option('--find-ceiling', 'more and more users, until the target does no more')
    .option('--threshold <rule>', 'what must hold; can be given several times', options.collect)
    .addOption(
      new Option('--format <format>', `how to tell: ${FORMATS.join(', ')}`)
        .default('human')
        .argParser(options.readFormat),
    )
    .option(
      '--out <path>',
      'writes a file (its name says which format) or all of them into a folder',
    )
    .allowExcessArguments(false)
    .addHelpText('after', NOTES)
    .action(async (url: string, flags: options.LoadFlags) => {
      const { load } = await import('./load.ts')
      process.exitCode = await load(url, flags)
    })
}
