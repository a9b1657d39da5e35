import type { Command } from 'commander'
import { SOURCES } from './settings.ts'

const EXAMPLE = `
Each flag wins over its variable. While it runs, GET /_fake shows its counts and PUT /_fake changes what ails it:
  curl -X PUT http://127.0.0.1:9001/_fake -d '{"outage": true}'

Example:
  evenkeel backend --port 9001 --min-latency 20ms --max-latency 60ms --failure-rate 0.01`

/** Adds the verb `backend`. */
export function addBackendCommand(program: Command): void {
  describeBackend(program.command('backend'))
}

/** Gives a command the flags of a fake and what it does; the fake itself is loaded only when it runs. */
export function describeBackend(command: Command): Command {
  command.description('run one fake server')
  for (const { variable, flag, help } of SOURCES) {
    command.option(`--${flag} <value>`, `${help} (${variable})`)
  }
  return command
    .allowExcessArguments(false)
    .addHelpText('after', EXAMPLE)
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
