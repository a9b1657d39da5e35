import type { Command } from 'commander'

const EXAMPLE = `
Each flag wins over the variable that is named with it.

Example:
  evenkeel backend --id b1 --port 9001 --min-latency 20ms --max-latency 80ms --failure-rate 0.01`

/** A flag, its variable, and what it is for. */
const FLAGS = [
  ['--id <name>', 'SERVER_ID', 'the name that every answer carries'],
  ['--host <address>', 'HOST', 'address to listen on'],
  ['--port <number>', 'PORT', 'port to listen on; 0 takes a free one'],
  ['--failure-rate <share>', 'FAILURE_RATE', 'share of requests that fail, from 0 to 1'],
  ['--min-latency <duration>', 'MIN_LATENCY', 'shortest time to answer: 50, 50ms or 0.05s'],
  ['--max-latency <duration>', 'MAX_LATENCY', 'longest time to answer'],
  ['--concurrency <number>', 'CONCURRENCY', 'requests served at a time; no limit unless given'],
  ['--queue <number>', 'QUEUE', 'requests that may wait for their turn'],
  ['--seed <number>', 'SEED', 'makes every random choice repeatable'],
] as const

/** Adds the verb `backend`. The server is loaded only when it runs, and reads its variables as `npm run backend` does. */
export function addBackendCommand(program: Command): void {
  const command = program.command('backend').description('run one fake server')
  for (const [flag, variable, help] of FLAGS) command.option(flag, `${help} (${variable})`)
  command
    .allowExcessArguments(false)
    .addHelpText('after', EXAMPLE)
    .action(async () => {
      for (const [index, [, variable]] of FLAGS.entries()) {
        const value: unknown = command.getOptionValue(command.options[index].attributeName())
        if (typeof value === 'string') process.env[variable] = value
      }
      await import('./main.ts')
    })
}
