#!/usr/bin/env node
import { Command } from 'commander'
import { addBackendCommand } from './backends/command.ts'
import { addCheckCommand } from './experiments/check/command.ts'
import { addUpCommand } from './experiments/live/command.ts'
import { addSimCommand } from './experiments/sim/command.ts'
import { addTraceCommand } from './experiments/trace/command.ts'
import { VERSION } from './proxy/admin/version.ts'
import { addProxyCommand } from './proxy/command.ts'
import { runCommandLine } from './proxy/command-line.ts'

const program = new Command('evenkeel')
  .description('A load-balancing lab with a real HTTP proxy inside.')
  .version(VERSION)
  .addHelpText(
    'after',
    `
Examples:
  npx evenkeel up                      three fake servers, the proxy, traffic and a live table
  npx evenkeel proxy --config lb.yaml  the proxy alone, in front of your servers
  npx evenkeel backend --port 9001     one fake server
  npx evenkeel sim scenario.yaml       strategies side by side in a simulator
  npx evenkeel check ./my-strategy.ts  a strategy of yours, held to the laws
  npx evenkeel trace inspect access.log  what your traffic is like`,
  )

// Only what each verb is called and takes; what it does is loaded when it runs.
addUpCommand(program)
addProxyCommand(program)
addBackendCommand(program)
addSimCommand(program)
addCheckCommand(program)
addTraceCommand(program)

await runCommandLine(program, process.argv)
