import { fork, type ChildProcess } from 'node:child_process'

/** What a program says over its channel: it listens, or why it cannot. */
type ChildMessage =
  | { type: 'listening'; url: string; admin?: string }
  | { type: 'failed'; code: string; message: string }

export interface ChildProgram {
  /** How people call it: `b1`, `proxy`. */
  name: string
  file: string
  arguments: readonly string[]
  environment: NodeJS.ProcessEnv
}

/** A program that did not come to listen. */
export class StartError extends Error {
  readonly program: string
  /** `EADDRINUSE`, say; empty when the program just ended. */
  readonly code: string

  constructor(program: string, code: string, message: string) {
    super(message)
    this.name = 'StartError'
    this.program = program
    this.code = code
  }
}

/** How much of what a program says on stderr is kept, to tell why it died. */
const TAIL = 4096

/**
 * A program of ours in a process of its own. It leads its own process group, so that a Ctrl-C on the terminal reaches only
 * us and we decide who stops when; and it ends by itself when its channel to us goes, so that it outlives us in no case.
 */
export class Child {
  readonly program: ChildProgram
  /** Its URL; rejects with a `StartError`. */
  readonly listening: Promise<string>
  /** How it ended, in a few words: 'was killed by SIGKILL', 'ended with code 1'. Never rejects. */
  readonly exited: Promise<string>
  /** Where its admin API is, if it has one; known once it listens. */
  admin: string | undefined
  /** Hears every whole line that it writes to stderr. */
  onLine: ((line: string) => void) | undefined
  private readonly process: ChildProcess
  private alive = true
  private started = false
  private said = ''
  private unfinished = ''

  constructor(program: ChildProgram) {
    this.program = program
    this.process = fork(program.file, program.arguments, {
      env: program.environment,
      execPath: process.execPath,
      execArgv: [],
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.said = (this.said + text).slice(-TAIL)
      const lines = (this.unfinished + text).split('\n')
      this.unfinished = lines.pop()!
      for (const line of lines) this.onLine?.(line)
    })
    const started = Promise.withResolvers<string>()
    const ended = Promise.withResolvers<string>()
    this.listening = started.promise
    this.exited = ended.promise
    this.process.on('message', (message: ChildMessage) => {
      if (message.type === 'listening') {
        this.started = true
        this.admin = message.admin
        started.resolve(message.url)
      } else {
        started.reject(new StartError(program.name, message.code, message.message))
      }
    })
    const { stderr } = this.process
    const silent = new Promise((resolve) => stderr?.on('close', resolve))
    const end = async (how: string): Promise<void> => {
      this.alive = false
      await silent
      started.reject(new StartError(program.name, '', [how, this.said.trim()].join('\n').trim()))
      ended.resolve(how)
    }
    this.process.on('error', (error) => void end(error.message))
    // Not 'close', which does not come when it was we who closed the channel.
    this.process.on('exit', (code, signal) => {
      void end(signal === null ? `ended with code ${code}` : `was killed by ${signal}`)
    })
    // Whoever needs it awaits it; nobody does after a death that was noticed otherwise.
    this.listening.catch(() => {})
  }

  get pid(): number | undefined {
    return this.alive ? this.process.pid : undefined
  }

  /** The last lines that it wrote to stderr. */
  get lastWords(): string {
    return this.said.trim()
  }

  /** Asks it to finish, and ends it if it has not within `grace` milliseconds. */
  async stop(grace: number): Promise<void> {
    // It may not have come so far as to notice that the channel goes, and has done nothing yet that could be lost.
    if (!this.started) this.kill()
    if (this.process.connected) this.process.disconnect()
    const late = setTimeout(() => this.kill(), grace)
    await this.exited
    clearTimeout(late)
  }

  kill(): void {
    if (this.alive) this.process.kill('SIGKILL')
  }
}
