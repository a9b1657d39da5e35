import { execFile } from 'node:child_process'
import { promisify, stripVTControlCharacters } from 'node:util'
import type { Got } from './messages.ts'

/** The ways of slowhttptest (Sergey Shekyan), which Debian has: its own connections, and its own look at how they end. */
export const SLOWHTTPTEST: readonly {
  name: string
  connections: number
  flags: readonly string[]
}[] = [
  { name: 'slowhttptest -H: heads', connections: 1000, flags: ['-H', '-i', '1'] },
  { name: 'slowhttptest -B: bodies', connections: 1000, flags: ['-B', '-i', '1', '-s', '1000000'] },
  {
    name: 'slowhttptest -X: reads',
    connections: 100,
    flags: ['-X', '-w', '1', '-y', '512', '-n', '1', '-z', '5'],
  },
]

export async function hasSlowhttptest(): Promise<boolean> {
  return promisify(execFile)('slowhttptest', ['-h']).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  )
}

export async function slowhttptest(
  flags: readonly string[],
  port: number,
  connections: number,
  seconds: number,
): Promise<Got> {
  const path = flags[0] === '-X' ? '/large' : '/'
  const load = `-c ${connections} -r 500 -l ${seconds} -p 3 -v 1 -u http://127.0.0.1:${port}${path}`
  const all = [...flags, ...load.split(' ')]
  const { stdout } = await promisify(execFile)('slowhttptest', all)
  const words: Record<string, number> = {}
  // It says how things are several times, and in colours.
  const plain = stripVTControlCharacters(stdout)
  for (const [, word, count] of plain.matchAll(/^(error|closed|connected|pending): *(\d+)$/gm)) {
    words[word === 'connected' ? 'open' : word] = Number(count)
  }
  const some = Object.entries(words).filter(([, count]) => count > 0)
  return { words: Object.fromEntries(some), endedAfter: null }
}
