import { Command } from 'commander'
import { describeBackend } from './command.ts'

// `npm run backend`: what `evenkeel backend` does, without the other verbs. Bad arguments exit as bad variables do.
const command = describeBackend(new Command('backend'))
command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
await command.parseAsync(process.argv)
