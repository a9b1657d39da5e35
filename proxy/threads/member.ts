import { Worker } from 'node:worker_threads'
import type { ListenSettings } from '../listen-settings.ts'
import type { Account, FromWorker, PlainError, ToWorker, WorkerData } from './messages.ts'

/** What the coordinator hears of a worker. */
export interface MemberOwner {
  onMessage(member: Member, message: FromWorker): void
  /** It is gone, whatever the reason. */
  onGone(member: Member, reason: string): void
}

/** A worker thread, as the coordinator sees it. */
export class Member {
  readonly thread: number
  readonly worker: Worker
  /** Where it listens. Rejects if it cannot, or ends before. */
  readonly listening: Promise<ListenSettings[]>
  readonly gone: Promise<void>
  /** It listens. */
  ready = false
  /** An error ended it. */
  crashed = false
  /** What it had counted when it last said so. */
  account: Account | undefined
  private readonly owner: MemberOwner
  private reason = 'it was stopped from outside'
  private readonly places = Promise.withResolvers<ListenSettings[]>()
  private readonly exit = Promise.withResolvers<void>()

  constructor(data: WorkerData, owner: MemberOwner) {
    this.thread = data.thread
    this.owner = owner
    this.listening = this.places.promise
    this.listening.catch(() => {}) // Who waits for it hears of it; a replacement nobody waits for.
    this.gone = this.exit.promise
    this.worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: data,
      name: `evenkeel ${data.thread + 1}`,
    })
    this.worker.on('message', (message: FromWorker) => this.onMessage(message))
    this.worker.on('error', (error) => this.onError(error))
    this.worker.on('exit', () => this.onExit())
  }

  post(message: ToWorker): void {
    this.worker.postMessage(message)
  }

  private onMessage(message: FromWorker): void {
    if (message.type === 'listening') {
      this.ready = true
      this.places.resolve(message.places)
    }
    if (message.type === 'failed') {
      this.reason = message.error.message
      this.places.reject(revive(message.error))
    }
    this.owner.onMessage(this, message)
  }

  private onError(error: unknown): void {
    this.crashed = true
    this.reason = describe(error)
  }

  private onExit(): void {
    this.places.reject(new Error(`a thread ended while it started: ${this.reason}`))
    this.owner.onGone(this, this.reason)
    this.exit.resolve()
  }
}

/** Resolves when they are gone. Those who are not after so many milliseconds are ended. */
export async function allGone(members: readonly Member[], patience: number): Promise<void> {
  const end = (): void => {
    for (const { worker } of members) void worker.terminate()
  }
  const timer = setTimeout(end, patience)
  await Promise.all(members.map(({ gone }) => gone))
  clearTimeout(timer)
}

/** What a person can act on, on one line. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const place = error.stack?.split('\n').find((line) => /^\s+at /.test(line)) ?? ''
  return `${error.name}: ${error.message}${place.replace(/^\s+/, ' ')}`.replaceAll('\n', ' ')
}

function revive({ message, ...rest }: PlainError): Error {
  return Object.assign(new Error(message), rest)
}
