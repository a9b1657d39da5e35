import type { Command } from 'commander'
import { SOURCES } from './config-sources.ts'

const EXAMPLE = `
Each flag wins over its variable, which wins over the file, which wins over the default. Exit codes: 0 stopped as asked,
1 could not start or was stopped by a second signal, 2 bad arguments or configuration.

Example:
  evenkeel proxy --backend-servers 'http://127.0.0.1:9001;weight=2,http://127.0.0.1:9002'
  evenkeel proxy --config lb.yaml --check`

/** Adds the verb `proxy`. */
export function addProxyCommand(program: Command): void {
  describeProxy(program.command('proxy'))
}

/** Gives a command the flags of the proxy and what it does; the proxy itself is loaded only when it runs. */
export function describeProxy(command: Command): Command {
  command
    .description('run the load balancer')
    .option('--config <file>', 'YAML or JSON file with the configuration (EVENKEEL_CONFIG)')
    .option('--check', 'judge the configuration, and do no more')
  for (const { flag, help, variable } of SOURCES) {
    if (flag === undefined) continue
    command.option(flag, variable === undefined ? help : `${help} (${variable})`)
  }
  return command
    .allowExcessArguments(false)
    .addHelpText('after', EXAMPLE)
    .action(async (flags: Record<string, string | boolean>) => {
      const { runProxy } = await import('./run.ts')
      await runProxy(flags)
    })
}
