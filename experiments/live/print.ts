/**
 * Resolves when it is written: who exits before, into a pipe, loses the end of it. Throws if it cannot be, as on a full disk; that
 * whoever read it has left is no fault.
 */
export async function print(text: string): Promise<void> {
  // The error comes to the callback as well.
  process.stdout.off('error', ignore).on('error', ignore)
  const error = await new Promise<NodeJS.ErrnoException | null | undefined>((written) =>
    process.stdout.write(text, written),
  )
  if (error && error.code !== 'EPIPE') throw error
}

function ignore(): void {}
