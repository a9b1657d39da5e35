import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Runs a module in a process of its own, and gives what it writes. Nothing is warm, and memory is collected when it asks. */
export async function errand<Answer>(
  module: URL,
  words: readonly (string | number)[],
): Promise<Answer> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    fileURLToPath(module),
    ...words.map(String),
  ])
  return JSON.parse(stdout) as Answer
}
