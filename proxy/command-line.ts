import type { Command } from 'commander'
import { CommanderError } from 'commander'

/**
 * Runs a program of commander's. Arguments that cannot be used end it with exit code 2, as a bad configuration does, so that
 * scripts can tell "you asked wrongly" from "it did not work" (1).
 */
export async function runCommandLine(program: Command, argv: readonly string[]): Promise<void> {
  throwInsteadOfExit(program)
  try {
    await program.parseAsync(argv)
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Commander has printed its message. Help and version that were asked for come here as well, with 0.
    process.exitCode = error.exitCode === 0 ? 0 : 2
  }
}

/** Help, to whoever may have left in the middle of it (`| head`), which is no fault. */
function write(text: string): void {
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  process.stdout.write(text)
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride().configureOutput({ writeOut: write })
  for (const verb of command.commands) throwInsteadOfExit(verb)
}
