import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** A process of the bench itself, asked over its channel. It ends when the channel does, whatever becomes of us. */
export class Child {
  private readonly process: ChildProcess
  private readonly name: string

  constructor(file: URL) {
    this.name = file.pathname.split('/').at(-1) ?? ''
    this.process = fork(file, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  }

  get pid(): number {
    return this.process.pid ?? 0
  }

  /** The next message, which answers the question. */
  async ask<Answer>(question: object | string | undefined, seconds: number): Promise<Answer> {
    const waiting = new AbortController()
    const signal = AbortSignal.any([waiting.signal, AbortSignal.timeout(seconds * 1000)])
    const answered = once(this.process, 'message', { signal })
    const gone = once(this.process, 'exit', { signal })
    gone.catch(() => {})
    if (question !== undefined) this.process.send(question)
    try {
      const [answer, message] = await Promise.race([
        answered.then(([message]) => [true, message] as const),
        gone.then(() => [false, undefined] as const),
      ])
      if (!answer) throw new Error(`${this.name} ended`)
      if (typeof message === 'object' && message !== null && 'failed' in message) {
        throw new Error(String(message.failed))
      }
      return message as Answer
    } catch (error) {
      if ((error as Error).name !== 'AbortError') throw error
      throw new Error(`${this.name} did not answer in ${seconds} s`, { cause: error })
    } finally {
      waiting.abort()
      answered.catch(() => {})
    }
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    const gone = once(this.process, 'exit')
    if (this.process.connected) this.process.disconnect()
    else this.process.kill()
    await gone
  }
}
