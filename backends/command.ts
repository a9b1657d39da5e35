import type { Command } from 'commander'
import { SOURCES } from './settings.ts'

const NOTES = `
Each flag wins over its variable, which wins over the default.

A <time> is 20ms, 0.02s or 1m; a bare 20 is milliseconds. Every time between the
shortest and the longest is as likely as another; waiting for a free place comes on
top. Where only one of the two is given, the other gives way if it must:
--min-latency 100ms alone means 100 to 120 ms, --max-latency 2ms alone always 2 ms.

While it runs, GET /_fake shows its counts and PUT /_fake changes what ails it:
  curl -X PUT http://127.0.0.1:9001/_fake -d '{"outage": true}'

Exit codes:
  0  ended as asked
  1  could not start, or ended at once by a second signal
  2  bad arguments or settings

Examples:
  npx evenkeel backend --port 9001 --min-latency 20ms --max-latency 60ms
  npx evenkeel backend --port 9002 --server-id b2 --failure-rate 0.01 --concurrency 16 --queue 64`

/** Adds the verb `backend`. */
export function addBackendCommand(program: Command): void {
  describeBackend(program.command('backend'))
}

/** Gives a command the flags of a fake and what it does; the fake itself is loaded only when it runs. */
export function describeBackend(command: Command): Command {
  command.description('run one fake server')
  for (const { variable, flag, argument, help, default: standard } of SOURCES) {
    command.option(`--${flag} <${argument}>`, `${help} (default: ${standard}, env: ${variable})`)
  }
  return command
    .allowExcessArguments(false)
    .addHelpText('after', NOTES)
    .action(async (options: Record<string, string>) => {
      const { runBackend } = await import('./run.ts')
      const flags: Record<string, string | undefined> = {}
      for (const { variable, flag } of SOURCES) flags[variable] = options[camelCase(flag)]
      await runBackend(process.env, flags)
    })
}

/** As commander keys its options. */
function camelCase(flag: string): string {
  return flag.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}
