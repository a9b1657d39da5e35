import type { Command } from 'commander'
import type { Source } from './config-sources.ts'
import { SOURCES } from './config-sources.ts'

const NOTES = `
Each flag wins over its variable, which wins over the file, which wins over the
default. The file has more to set: timeouts, retries, limits and others.

A server is URL[;weight=3][;max=100][;backup][;id=name]:
  weight  its share beside the others' (default: 1; 0: no new requests)
  max     requests that it may have at a time (default: no limit)
  backup  is used only while no other server can be
  id      what it is called in logs and figures (default: b1, b2, …)
In a shell, quote them: a semicolon ends a command.

Read-only pages, under /lb/ unless stats.prefix in the file says otherwise:
  /lb/         live figures, for people     /lb/events   the same, as a stream
  /lb/stats    figures as JSON              /lb/metrics  figures for Prometheus
  /lb/health   whether the proxy is alive   /lb/ready    whether it can serve

The admin API changes a running proxy: servers, their state, weight and limit, and
the strategy. GET /openapi.json there describes it. ADMIN_TOKEN is its token, which
any address but a loopback one needs.

The first SIGINT or SIGTERM lets requests in flight finish; a second one does not.
SIGHUP reads the configuration again and changes all that can change, or nothing.

A strategy of your own is a file; npx evenkeel check ./my-strategy.ts tells what is
wrong with it. The proxy tries it first, and does not start with one that throws,
hangs, or picks a server that it was not given.

Exit codes:
  0  ended as asked
  1  could not start, or ended at once by a second signal
  2  bad arguments or configuration

Examples:
  npx evenkeel proxy --backend-servers \\
    'http://127.0.0.1:9001;weight=3;max=100,http://127.0.0.1:9002;backup;id=spare'
  npx evenkeel proxy --config lb.yaml --port 8000 --access-log access.jsonl
  npx evenkeel proxy --config lb.yaml --algorithm ./my-strategy.ts
  npx evenkeel proxy --config lb.yaml --check`

/** Adds the verb `proxy`. */
export function addProxyCommand(program: Command): void {
  describeProxy(program.command('proxy'))
}

/** Gives a command the flags of the proxy and what it does; the proxy itself is loaded only when it runs. */
export function describeProxy(command: Command): Command {
  command
    .description('run the load balancer')
    .option(
      '--config <file>',
      'YAML or JSON file with the configuration (default: none, env: EVENKEEL_CONFIG)',
    )
    .option('--check', 'judge the configuration, say all that is wrong with it, and do no more')
  for (const source of SOURCES) {
    if (source.flag !== undefined) command.option(source.flag, helpOf(source))
  }
  return command
    .allowExcessArguments(false)
    .addHelpText('after', NOTES)
    .action(async (flags: Record<string, string | boolean>) => {
      const { runProxy } = await import('./run.ts')
      await runProxy(flags)
    })
}

/** As commander itself writes defaults and variables. */
function helpOf(source: Source): string {
  const notes = [
    source.default === undefined ? [] : `default: ${source.default}`,
    source.variable === undefined ? [] : `env: ${source.variable}`,
  ].flat()
  return notes.length === 0 ? (source.help ?? '') : `${source.help} (${notes.join(', ')})`
}
