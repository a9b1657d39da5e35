import { type Command, Option } from 'commander'
import { WRITTEN_FORMATS } from '../../simulator/trace/write.ts'
import { readSpeed, readWhole } from '../live/options.ts'
import type { ConvertFlags } from './convert.ts'
import { addReadFlags, readMoment, reportFormat, type ReportFlags } from './options.ts'

const NOTES = `
A trace is read from a file, compressed with gzip or not, or from standard input
(-). How it is written is told by its first lines: CSV or TSV under a header,
JSON lines, the Common and Combined Log Format, HAProxy's httplog, the access
log of this proxy, or HAR. Anything else by the format string that wrote it, of
nginx or Apache: --log-format.`

const EXITS = `
Exit codes:
  0    done
  2    bad arguments, a file that cannot be read, or too many bad lines
  130  stopped by Ctrl-C; what was known until then is told
  1    anything else`

/** Adds the verb `trace`. */
export function addTraceCommand(program: Command): void {
  const trace = program
    .command('trace')
    .description('look at recorded requests, convert them, or fit their service times')
    .addHelpText(
      'after',
      `${NOTES}
${EXITS}

Examples:
  npx evenkeel trace inspect access.log
  npx evenkeel trace convert access.log --out access.ndjson
  npx evenkeel trace fit access.log --log-format '%h %l %u %t "%r" %>s %b %D'`,
    )
  addReadFlags(trace.command('inspect'))
    .description('tell what a trace is like: how bursty, how heavy-tailed, how honest its clock')
    .argument('<file>', 'the trace, or - for standard input')
    .addOption(reportFormat())
    .addHelpText(
      'after',
      `${NOTES}
${EXITS}

Examples:
  npx evenkeel trace inspect access.log
  zcat access.log.1.gz | npx evenkeel trace inspect - --format json
  npx evenkeel trace inspect access.log --log-format \\
    '$remote_addr [$time_local] "$request" $status $request_time'`,
    )
    .action(async (file: string, flags: ReportFlags) => {
      const { inspect } = await import('./inspect.ts')
      process.exitCode = await inspect(file, flags)
    })
  addReadFlags(trace.command('convert'))
    .description('write a trace in its canonical form, or a part of it, or at another speed')
    .argument('<file>', 'the trace, or - for standard input')
    .option('--out <file>', 'where to write it (default: standard output)')
    .addOption(
      new Option(
        '--format <format>',
        'what to write (default: by the name of --out, else ndjson)',
      ).choices(WRITTEN_FORMATS),
    )
    .option('--speed <factor>', 'divides every time: 10 or 10x', readSpeed, 1)
    .option('--spread', 'put requests of a clock of whole seconds anywhere in their second')
    .option('--seed <number>', 'draws the places in the second', readWhole(0, 2 ** 32 - 1), 1)
    .addOption(
      momentOption(
        '--from <time>',
        'leave out what came before: 90s, 5m, 2h',
        0,
        'the first request',
      ),
    )
    .addOption(
      momentOption('--to <time>', 'leave out what came then or later', Infinity, 'the last'),
    )
    .addOption(
      new Option('--limit <number>', 'at most so many requests')
        .default(Infinity, 'all')
        .argParser(readWhole(1, Number.MAX_SAFE_INTEGER)),
    )
    .addHelpText(
      'after',
      `
The canonical form has t (seconds from the first request), method, path, key,
bytes, service_ms and status. Requests are put in order of time, then spread,
then cut to the window, and then the speed is changed.
${NOTES}
${EXITS}

Examples:
  npx evenkeel trace convert access.log --out access.ndjson
  npx evenkeel trace convert access.log --out hour.csv \\
    --from 12h --to 13h --spread --speed 60x
  npx evenkeel trace convert tokens.csv --time-column TIMESTAMP \\
    --work "1*ContextTokens+20*GeneratedTokens"`,
    )
    .action(async (file: string, flags: ConvertFlags) => {
      const { convert } = await import('./convert.ts')
      process.exitCode = await convert(file, flags)
    })
  addReadFlags(trace.command('fit'))
    .description('find the distribution of the service times in a log that has them')
    .argument('<file>', 'the trace, or - for standard input')
    .addOption(reportFormat())
    .addHelpText(
      'after',
      `
Exponential, Erlang, lognormal, Weibull, hyperexponential (two branches) and
bounded Pareto are fitted by maximum likelihood and ranked by AIC. The distance
is the largest between the fit's distribution function and the data's
(Kolmogorov and Smirnov): 0.05 means that no quantile is off its rank by more
than 5 %. The last line is for a scenario.
${NOTES}
${EXITS}

Examples:
  npx evenkeel trace fit access.log
  npx evenkeel trace fit access.log --log-format '%h %l %u %t "%r" %>s %b %D'
  npx evenkeel trace fit sizes.tsv --work "bytes/1000"`,
    )
    .action(async (file: string, flags: ReportFlags) => {
      const { fit } = await import('./fit.ts')
      process.exitCode = await fit(file, flags)
    })
}

function momentOption(flag: string, words: string, value: number, shown: string): Option {
  return new Option(flag, words).default(value, shown).argParser(readMoment)
}
