/** What one process finds out about one strategy among so many servers. Times are milliseconds. */
export interface Run {
  requests: number
  wall: number
  /** User and system time of the whole process: what the engine does on other threads is in it. */
  cpu: number
  /** Allocated a request; NaN where the engine does not count it. */
  bytes: number | null
  /** The mean response time that was simulated. */
  mean: number
}

/** Memory of the process after so many requests, in bytes, once what is garbage has been collected. */
export interface MemorySample {
  requests: number
  resident: number
  heap: number
}

/** What the model in SimPy comes to. */
export interface SimpyRun extends Omit<Run, 'bytes'> {
  simpy: string
  python: string
}

/** Arguments of sim-child.ts, in order. */
export type Errand = readonly [
  what: 'speed' | 'memory',
  strategy: string,
  servers: number,
  seed: number,
  requests: number,
]
