import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { VERBS, type Verb } from './core/watched.ts'

/** The most memory for objects, in MiB. A strategy over a thousand servers needs one. */
const MOST_MEMORY = 512
/**
 * The most memory altogether, with the program, its garbage and what is not for objects, as buffers: twice as much, to be sure that
 * it is the strategy's.
 */
const MOST_RESIDENT = 2 * MOST_MEMORY
/** How often to look, in milliseconds. */
const LOOK = 50
/**
 * To load a file may take that much longer than a pick: a busy machine has to read it, and what it imports. So may what goes on between
 * verbs, which is our own code; but a strategy can have spoilt what that works on.
 */
const LOADING = 4
/** Who waits uses no processor, and who has to wait for one is not to blame: so many times as long may a verb take by the clock on the wall. */
const ASLEEP = 5

/** The last word of a ward whose work is done. Exit code 0 alone proves nothing: anybody can call `process.exit`. */
export const DONE = { type: 'done' }
/** How long to wait for the rest of the output of a process that is no more, in milliseconds: a child of its own may keep it open. */
const LAST_WORDS = 200

/** How it ended with code that somebody else wrote. */
export type End =
  | { readonly how: 'done' }
  /** It did not come back from this verb; from what goes on between two of them if it is ''. */
  | { readonly how: 'stuck'; readonly verb: Verb }
  /** It came back each time, but all in all it took too long. */
  | { readonly how: 'late' }
  /** It took more memory than it was given, in MiB: for objects, or altogether. */
  | { readonly how: 'hungry'; readonly most: number }
  /** It ended its process, or threw where nobody could catch it. */
  | { readonly how: 'crashed'; readonly problem: string }
  /** We did not want to wait any longer. */
  | { readonly how: 'stopped' }

export interface Ward {
  /** A program that calls `warded` of strategy-ward.ts, and gets `data` by it. */
  readonly program: URL
  readonly data: object
  /** For the engine. */
  readonly flags?: readonly string[]
  /**
   * How long a verb may take before it counts as stuck, in milliseconds of its process's own: a busy machine raises no false alarm, and a loop
   * without an end is found soon.
   */
  readonly patience: number
  /** How long it all may take, in milliseconds. */
  readonly limit: number
  onMessage(message: unknown): void
  /** What it prints. */
  onOutput?(text: string): void
}

/**
 * Runs what cannot be trusted in a process of its own, and ends it when it does not come back or eats up memory. A thread would not do: a
 * worker that allocates without an end goes on for minutes after `terminate`, beyond any `resourceLimits`.
 */
export class Warden {
  readonly ended: Promise<End>
  private readonly child: ChildProcess
  private readonly ward: Ward
  private readonly timer: NodeJS.Timeout
  private readonly startedAt = performance.now()
  private since = this.startedAt
  /** What its process has used of processors, in milliseconds, and what it had when this call began. */
  private spent = 0
  private spentBefore = 0
  private calls = -1
  private verb: Verb = ''
  private errors = ''
  private end: End | undefined
  private done = false

  constructor(ward: Ward) {
    this.ward = ward
    const { promise, resolve } = Promise.withResolvers<End>()
    this.ended = promise
    const program = fileURLToPath(ward.program)
    const flags = [`--max-old-space-size=${MOST_MEMORY}`, ...(ward.flags ?? [])]
    this.child = spawn(process.execPath, [...flags, program], {
      // A group of its own, which can be ended with all that it has started.
      detached: true,
      // Our own standard output belongs to others, as that of the proxy to its access log.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
      serialization: 'advanced',
    })
    this.child.on('exit', (code, signal) => {
      clearInterval(this.timer)
      this.endGroup()
      const tell = (): void => {
        this.letGo()
        resolve(this.end ?? this.endOf(code, signal))
      }
      const timer = setTimeout(tell, LAST_WORDS)
      this.child.once('close', () => {
        clearTimeout(timer)
        tell()
      })
    })
    this.child.on('error', (error) => {
      this.end ??= { how: 'crashed', problem: error.message }
      // It never began, so it does not exit either.
      if (this.child.pid === undefined) {
        clearInterval(this.timer)
        resolve(this.end)
      }
    })
    this.listen()
    this.timer = setInterval(() => this.look(), LOOK)
    this.child.send(ward.data, () => {})
  }

  /** Ends it, whatever it is at. */
  stop(end: End = { how: 'stopped' }): void {
    this.end ??= end
    this.child.kill('SIGKILL')
  }

  private listen(): void {
    const { child, ward } = this
    child.stdout!.setEncoding('utf8').on('data', (text: string) => ward.onOutput?.(text))
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.errors = (this.errors + text).slice(-4000)
      ward.onOutput?.(text)
    })
    child.on('message', (message) => {
      if ((message as Partial<typeof DONE> | null)?.type === DONE.type) this.done = true
      else ward.onMessage(message)
    })
    const beats = child.stdio[4] as Readable
    beats.setEncoding('utf8').on('data', (text: string) => this.heard(text))
  }

  /** `1234 4 800` a line: so many calls so far, the verb that is being run, and the milliseconds of processors that were used. */
  private heard(text: string): void {
    const line = text.trimEnd().split('\n').at(-1) ?? ''
    const [calls, verb, spent] = line.split(' ').map(Number)
    this.verb = VERBS[verb] ?? ''
    this.spent = spent
    if (calls === this.calls) return
    this.calls = calls
    this.since = performance.now()
    this.spentBefore = spent
  }

  private look(): void {
    const { ward, verb } = this
    const now = performance.now()
    const waited = now - this.since
    const spent = this.spent - this.spentBefore
    const times = verb === 'load' || verb === '' ? LOADING : 1
    const over = (patience: number): boolean => spent > patience || waited > patience * ASLEEP
    if (over(ward.patience * times)) this.stop({ how: 'stuck', verb })
    else if (now - this.startedAt > ward.limit)
      // What takes so long is no matter of many calls.
      this.stop(over(ward.patience) ? { how: 'stuck', verb } : { how: 'late' })
    else if (residentOf(this.child.pid!) > MOST_RESIDENT)
      this.stop({ how: 'hungry', most: MOST_RESIDENT })
  }

  /** Whatever it started goes with it. */
  private endGroup(): void {
    try {
      process.kill(-this.child.pid!, 'SIGKILL')
    } catch {
      // Nobody is left, or this system knows no groups.
    }
  }

  /** Nothing more is read from it: a process that has outlived it cannot keep us waiting. */
  private letGo(): void {
    for (const stream of this.child.stdio) stream?.destroy()
    if (this.child.connected) this.child.disconnect()
  }

  private endOf(code: number | null, signal: NodeJS.Signals | null): End {
    if (code === 0)
      return this.done ? { how: 'done' } : { how: 'crashed', problem: 'it ended its process' }
    if (/heap out of memory|invalid (array|table) (length|size)/i.test(this.errors)) {
      return { how: 'hungry', most: MOST_MEMORY }
    }
    // Node's own code for a module that waits for what never comes.
    if (code === 13) return { how: 'stuck', verb: 'load' }
    const ended = signal === null ? `it ended with exit code ${code}` : `${signal} ended it`
    const [error] = /^\w*Error.*$/m.exec(this.errors) ?? []
    if (code === 1 && error !== undefined)
      return { how: 'crashed', problem: `it threw where nobody can catch it: ${error}` }
    return { how: 'crashed', problem: error === undefined ? ended : `${ended}: ${error}` }
  }
}

/** How much memory a process has, in MiB; 0 where the system does not tell, or there is no such process. */
function residentOf(pid: number): number {
  try {
    const [, kibibytes] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!
    return Number(kibibytes) / 1024
  } catch {
    return 0
  }
}
