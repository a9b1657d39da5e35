import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type { Scenario } from '../../simulator/scenario.ts'
import type { Contender } from './contenders.ts'
import { PIECES, type Replication } from './replication.ts'

/** What every thread knows from the start. */
export interface Work {
  readonly scenario: Scenario
  readonly contenders: readonly Contender[]
  /** Shared: pieces of runs that are done, and thousands of requests in them. */
  readonly done: Int32Array
}

/** One run. */
export interface Errand {
  /** By place. */
  readonly contender: number
  readonly seed: number
  readonly warmup: number
}

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url))

/** Runs replications on threads. What they come to depends on their errands alone, never on how many threads there are. */
export class Replicator {
  private readonly pool: Piscina<Errand, Replication>
  private readonly done = new Int32Array(new SharedArrayBuffer(8))
  private readonly stopping = new AbortController()
  /** Runs that were asked for. */
  asked = 0

  constructor(
    scenario: Scenario,
    contenders: readonly Contender[],
    threads = availableParallelism(),
  ) {
    const { done } = this
    const workerData: Work = { scenario, contenders, done }
    // Those that are not needed do not begin: a thread takes about as long to begin as a short run.
    this.pool = new Piscina({
      filename: WORKER,
      minThreads: 1,
      maxThreads: threads,
      idleTimeout: 60_000,
      workerData,
    })
  }

  /** How much of what was asked for is done, in runs, and how many requests that were. */
  get progress(): { runs: number; requests: number } {
    return {
      runs: Atomics.load(this.done, 0) / PIECES,
      requests: Atomics.load(this.done, 1) * 1000,
    }
  }

  /** Rejects if it was stopped, or what its strategy threw. */
  run(errand: Errand): Promise<Replication> {
    this.asked++
    return this.pool.run(errand, { signal: this.stopping.signal })
  }

  /** Ends what is under way, and takes nothing more. */
  stop(): void {
    this.stopping.abort()
  }

  async close(): Promise<void> {
    await this.pool.destroy()
  }
}
