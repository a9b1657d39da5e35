import type { ServerState } from '../../proxy/core/endpoint.ts'

/** What is to be seen of a race at one moment: plain data, sent from a worker. Times are virtual milliseconds. */
export interface RaceFrame {
  readonly time: number
  /** Nothing is left to happen. */
  readonly over: boolean
  readonly lanes: readonly LaneFrame[]
}

export interface LaneFrame {
  /** As the verdicts call it. */
  readonly label: string
  /** What chooses now; an event may have changed it. */
  readonly strategy: string
  readonly promise: 'equal' | 'weight' | 'adaptive'
  readonly servers: readonly ServerFrame[]
  /** Requests at a server now, `REQUEST_WIDTH` numbers each; at most `MOST_REQUESTS`, those that were there first. */
  readonly requests: Float64Array
  /** Attempts that ended since the last frame, `ENDING_WIDTH` numbers each; at most `MOST_ENDINGS`, the latest. */
  readonly endings: Float64Array
  /** Requests that wait for a place at any server. */
  readonly waiting: number
  /** Requests that came, that ended, and of these those that failed; the warm-up included. */
  readonly came: number
  readonly ended: number
  readonly failed: number
  readonly retries: number
  /** Of good answers since the warm-up; null before the first. */
  readonly latency: LaneLatency | null
  /** The run so far, in `SLICES` equal parts of its duration; those that are over. */
  readonly slices: readonly Slice[]
}

export interface LaneLatency {
  readonly count: number
  readonly mean: number
  readonly p50: number
  readonly p99: number
  /** Between these the true p99 is, with 95 % confidence, if requests were independent; null where there are too few to say. */
  readonly p99Low: number | null
  readonly p99High: number | null
  /** At each of `STRETCHED`; NaN where there are too few answers to tell. */
  readonly curve: Float64Array
}

/** Shares that are far apart where it matters: as many from p90 to p99 as from p99 to p99.9, and so on to p99.99. */
export const STRETCHED = Float64Array.from({ length: 97 }, (_, i) => 1 - 10 ** (-i / 24))

export interface Slice {
  readonly p50: number | null
  readonly p99: number | null
  /** Of the requests that ended in it, those that failed. */
  readonly errors: number | null
}

export interface ServerFrame {
  readonly id: string
  /** As the first proxy sees it; `gone`: it is in no pool. */
  readonly state: ServerState | 'gone'
  readonly reason: string
  readonly weight: number
  /** Now, its work done a millisecond; 0 while it stands still. */
  readonly speed: number
  readonly workers: number
  readonly serving: number
  readonly queued: number
  /** How many may wait; `Infinity`: no end. */
  readonly room: number
  /** First attempts that it has got, and was due by the strategy's promise, over all proxies. */
  readonly picks: number
  readonly due: number
  readonly failed: number
}

export const SLICES = 60

/** Number of the attempt (it stays the same while it is there), server, 1 if it is served and 0 if it waits, since when its request is under way. */
export const REQUEST_WIDTH = 4
export const MOST_REQUESTS = 600

/** Server, outcome by its place in `OUTCOMES`, how long it took. */
export const ENDING_WIDTH = 3
export const MOST_ENDINGS = 200
