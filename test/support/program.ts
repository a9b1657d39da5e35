import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** How programs are found, and what others have compiled of them (see vitest.config.ts). */
const { NODE_COMPILE_CACHE, PATH } = process.env

/**
 * A program of ours as a process, with a channel to it. Nothing of this process's environment configures it. Proxies have no admin API
 * unless a test gives them one: they would quarrel about its port.
 */
export class Program {
  readonly child: ChildProcess
  stdout = ''
  stderr = ''
  readonly messages: unknown[] = []
  private readonly closed: Promise<unknown>

  constructor(
    file: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    stdin: 'ignore' | 'pipe' = 'ignore',
    /** How many files it may have open: needs prlimit. */
    files?: number,
  ) {
    const command = [process.execPath, file, ...args]
    const limited = files === undefined ? [] : ['prlimit', `--nofile=${files}`]
    const [first, ...rest] = [...limited, ...command]
    this.child = spawn(first, rest, {
      cwd: ROOT,
      env: { ADMIN_PORT: 'off', ...env, PATH, NODE_COMPILE_CACHE },
      stdio: [stdin, 'pipe', 'pipe', 'ipc'],
    })
    // Not the event `close` of the child: it does not come once we have closed the channel.
    const { stdout, stderr } = this.child
    this.closed = Promise.all([
      once(this.child, 'exit'),
      once(this.child, 'disconnect'),
      once(stdout!, 'close'),
      once(stderr!, 'close'),
    ])
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text))
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    this.child.on('message', (message) => this.messages.push(message))
  }

  /** The exit code, when both outputs have ended; null if a signal ended it. */
  async exit(): Promise<number | null> {
    await this.closed
    return this.child.exitCode
  }

  /** Where it listens, once it says so. */
  async listening(): Promise<string> {
    await Promise.race([once(this.child, 'message'), this.closed])
    const [message] = this.messages as { url?: string }[]
    if (message?.url === undefined) throw new Error(`it does not listen: ${this.stderr}`)
    return message.url
  }

  /** Resolves when standard error has said this; whoever ends without saying it fails, with what it said instead. */
  async says(text: string): Promise<void> {
    const { stderr } = this.child
    while (!this.stderr.includes(text)) {
      if (stderr!.closed) throw new Error(`it never said "${text}": ${this.stderr}`)
      await Promise.race([once(stderr!, 'data'), once(stderr!, 'close')])
    }
  }

  [Symbol.dispose](): void {
    if (this.child.exitCode === null) this.child.kill('SIGKILL')
  }
}
