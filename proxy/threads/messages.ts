import type { ThreadVitals } from '../admin/vitals.ts'
import type { ServerChoices } from '../core/choices.ts'
import type { AdminState } from '../core/endpoint.ts'
import type { Snapshot, StateEvent } from '../core/snapshot.ts'
import type { ProbeCounts } from '../health/probes.ts'
import type { CountersSnapshot } from '../http/counters.ts'
import type { ListenSettings } from '../listen-settings.ts'
import type { Place, ServerNews } from '../servers.ts'
import type { Reading } from '../reload.ts'
import type { Settings, StrategySettings } from '../settings.ts'
import type { Certificates } from '../tls/certificates.ts'
import type { TicketKeyData } from '../tls/ticket-keys.ts'
import type { Recall, Recalled } from './recent-of-all.ts'

/** What a worker is started with. Plain data: what is no data, as a strategy, each thread makes for itself from the settings. */
export interface WorkerData {
  /** With a seed, the port that the others listen on, and no admin API: its token is not for what threads load. */
  readonly settings: Settings
  readonly buffer: SharedArrayBuffer
  /** Which one it is, from 0, and how many have a place in the memory: the workers and the coordinator. */
  readonly thread: number
  readonly threads: number
  readonly startedAt: string
  readonly certificates: Certificates
  readonly ticketKeys: TicketKeyData
  /** How things stand, for one that comes later. */
  readonly standing: readonly Standing[]
  readonly events: readonly StateEvent[]
  readonly office: Office
  readonly lastReading: Reading
  /** Where the admin API is. */
  readonly steeredAt: string | undefined
}

/** The strategy that all threads choose by. */
export interface Office {
  /** Counts up with each change that threads agree on. */
  readonly turn: number
  readonly settings: StrategySettings
  /** Who takes over from a file of the user's that fails. */
  readonly fallback: StrategySettings
  /** Of the file, if it comes from one: see `Choice`. */
  readonly print: string | undefined
  /** It has failed. */
  readonly gaveWay: boolean
  /** Its memory; the memory goes with the last thread that uses it. */
  readonly room: SharedArrayBuffer
}

/** What all threads are to do together; what is left out stays as it is. */
export interface Preparation {
  readonly turn: number
  readonly settings: Settings | undefined
  readonly office: Office | undefined
}

export interface HealthNews {
  readonly id: string
  readonly healthy: boolean
  readonly reason: string
}

/** How a server is, and what operators want of it. */
interface Standing extends HealthNews, Place {
  readonly state: AdminState
}

/** What one thread has counted since it began; threads' accounts add up. */
export interface Account {
  readonly total: Snapshot
  readonly counters: CountersSnapshot
  readonly probes: ProbeCounts
  /** By the id of the server. */
  readonly choices: Readonly<Record<string, ServerChoices>>
  /** Lines of the access log that were not written. */
  readonly linesLost: number
  readonly vitals: ThreadVitals
}

/** An error of the operating system; as an object it would lose what matters between threads. */
export interface PlainError {
  readonly message: string
  readonly code?: string | undefined
  readonly syscall?: string | undefined
  readonly path?: string | undefined
  /** Which of the places to listen at it concerns. */
  readonly place?: number | undefined
}

export type ToWorker =
  | ({ readonly type: 'health' } & HealthNews)
  | ServerNews
  /** Say what you have counted; `turn`: and end your second here. */
  | { readonly type: 'report'; readonly round: number; readonly turn: boolean }
  /** The answer to `ask`: what all threads have counted, those that died included. */
  | { readonly type: 'whole'; readonly whole: Account }
  /** Say what you remember of requests. */
  | { readonly type: 'recall'; readonly round: number; readonly recall: Recall }
  /** A second of all threads together. */
  | { readonly type: 'second'; readonly snapshot: Snapshot }
  | { readonly type: 'event'; readonly event: StateEvent }
  /** Another thread has given up the strategy: do the same, if it is that one. */
  | { readonly type: 'giveWay'; readonly turn: number }
  /** Get ready, and say whether you are; then you hear how it was decided. */
  | ({ readonly type: 'prepare' } & Preparation)
  | { readonly type: 'commit'; readonly turn: number }
  | { readonly type: 'cancel'; readonly turn: number }
  | { readonly type: 'reading'; readonly reading: Reading }
  /** TLS certificates, to be used from now on. */
  | { readonly type: 'certificates'; readonly certificates: Certificates }
  | { readonly type: 'stop' }
  | { readonly type: 'kill' }

export type FromWorker =
  | { readonly type: 'listening'; readonly places: ListenSettings[] }
  /** It cannot listen, and ends. */
  | { readonly type: 'failed'; readonly error: PlainError }
  | { readonly type: 'suspect'; readonly id: string }
  | {
      readonly type: 'account'
      readonly round: number
      readonly account: Account
      readonly second: Snapshot | undefined
    }
  | { readonly type: 'recalled'; readonly round: number; readonly answer: Recalled }
  /** Somebody wants to see what all threads have counted. */
  | { readonly type: 'ask' }
  /** It has given up the strategy, or cannot begin with it; the message says why. */
  | { readonly type: 'gaveWay'; readonly turn: number; readonly message: string }
  /** It is ready for the change of that turn, or why not. */
  | { readonly type: 'prepared'; readonly turn: number; readonly problem: string | undefined }
  /** Something that whoever runs the proxy should know. */
  | { readonly type: 'warn'; readonly message: string }
  /** Lines for standard output, which only one thread writes to. */
  | { readonly type: 'lines'; readonly lines: string }
