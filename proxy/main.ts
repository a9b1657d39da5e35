import { Command } from 'commander'
import { describeProxy } from './command.ts'
import { runCommandLine } from './command-line.ts'

// `npm run proxy`: what `evenkeel proxy` does, without the other verbs.
await runCommandLine(describeProxy(new Command('proxy')), process.argv)
