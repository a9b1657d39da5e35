import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Runs a file beside this one in a process of its own, and gives what it writes. Nothing is warm, and memory is collected when it asks. */
export async function errand<Answer>(
  file: string,
  words: readonly (string | number)[],
): Promise<Answer> {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    path,
    ...words.map(String),
  ])
  return JSON.parse(stdout) as Answer
}
