#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Node keeps what it has compiled among the files of the system that are for a while (NODE_COMPILE_CACHE says where else, NODE_DISABLE_COMPILE_CACHE=1 nowhere). A short
// verb takes 36 to 45 % of the time with it (DECISIONS.md, 64). Threads, and programs that we start, find the place here. All else is imported afterwards, or it would not be in it.
const { directory } = enableCompileCache()
if (directory !== undefined) process.env['NODE_COMPILE_CACHE'] ??= directory

const { Command } = await import('commander')
// Only what each verb is called and takes; what it does is loaded when it runs.
const { addBackendCommand } = await import('./backends/command.ts')
const { addCheckCommand } = await import('./experiments/check/command.ts')
const { addCompletionCommand } = await import('./experiments/completion/command.ts')
const { addUpCommand } = await import('./experiments/live/command.ts')
const { addLoadCommand } = await import('./experiments/load/command.ts')
const { addPlanCommand } = await import('./experiments/plan/command.ts')
const { addSimCommand } = await import('./experiments/sim/command.ts')
const { addSweepCommand } = await import('./experiments/sweep/command.ts')
const { addTraceCommand } = await import('./experiments/trace/command.ts')
const { addExperimentCommand } = await import('./experiments/world/command.ts')
const { addTwinCommand } = await import('./experiments/twin/command.ts')
const { VERSION } = await import('./proxy/admin/version.ts')
const { addProxyCommand } = await import('./proxy/command.ts')
const { runCommandLine } = await import('./proxy/command-line.ts')

const program = new Command('evenkeel')
  .description('A load-balancing lab with a real HTTP proxy inside.')
  .version(VERSION)
  .addHelpText(
    'after',
    `
Examples:
  npx evenkeel up                      three fake servers, the proxy, and traffic
  npx evenkeel proxy --config lb.yaml  the proxy alone, in front of your servers
  npx evenkeel backend --port 9001     one fake server
  npx evenkeel sim scenario.yaml       strategies side by side in a simulator
  npx evenkeel sweep scenario.yaml     strategies × variations × seeds, on many machines
  npx evenkeel load http://127.0.0.1:8080  traffic, and the truth about it
  npx evenkeel plan access.log --config lb.yaml  what would have been under another strategy
  npx evenkeel check ./my-strategy.ts  a strategy of yours, held to the laws
  npx evenkeel experiment two-choices --world both  the same scenario, simulated and real
  npx evenkeel twin --quick            how far the simulator is from the real proxy
  npx evenkeel trace inspect access.log  what your traffic is like
  npx evenkeel completion bash         what makes a shell complete all this

What a verb takes, what it ends with, and more examples: npx evenkeel VERB --help`,
  )

addUpCommand(program)
addProxyCommand(program)
addBackendCommand(program)
addSimCommand(program)
addSweepCommand(program)
addLoadCommand(program)
addCheckCommand(program)
addTraceCommand(program)
addExperimentCommand(program)
addTwinCommand(program)
addPlanCommand(program)
addCompletionCommand(program)

await runCommandLine(program, process.argv)
