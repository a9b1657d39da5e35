import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type { Scenario } from '../../simulator/scenario.ts'
import type { Contender } from '../../simulator/study/contender.ts'
import { PIECES, type Replication } from '../../simulator/study/replication.ts'
import type { Errand } from '../../simulator/study/study.ts'
import { WrongInput } from './wrong-input.ts'

/** What errands are about. */
interface Subject {
  readonly scenario: Scenario
  readonly contenders: readonly Contender[]
}

/** What every thread knows from the start. */
export interface Work {
  readonly subject: Subject | undefined
  /** Shared: pieces of runs that are done, and thousands of requests in them. */
  readonly done: Int32Array
}

/** A run of something else than what every thread knows: it brings all along. */
export interface Job {
  readonly scenario: Scenario
  readonly contender: Contender
  readonly seed: number
  readonly warmup: number
}

/** What a strategy of the user's threw, in words: an error would lose its name on the way between threads. */
export interface Fault {
  readonly fault: string
}

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url))

interface Waiting {
  readonly errand: Errand | Job
  readonly resolve: (run: Promise<Replication>) => void
}

/** Runs replications on threads, in the order in which they were asked for. What they come to depends on their errands alone, never on how many threads there are. */
export class Replicator {
  private readonly pool: Piscina<Errand | Job, Replication | Fault>
  private readonly done = new Int32Array(new SharedArrayBuffer(8))
  private readonly stopping = new AbortController()
  private readonly threads: number
  private readonly waiting: Waiting[] = []
  private running = 0
  /** Runs that were asked for. */
  asked = 0

  /** Whoever has jobs alone needs no subject. */
  constructor(subject: Subject | undefined, threads = availableParallelism()) {
    const { done } = this
    const { contenders, scenario } = subject ?? {}
    const known = scenario && contenders && { scenario, contenders }
    const workerData: Work = { subject: known, done }
    this.threads = threads
    this.pool = new Piscina({
      filename: WORKER,
      minThreads: threads,
      maxThreads: threads,
      atomics: 'disabled',
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

  /** Rejects if it was stopped, or with `WrongInput` if its strategy threw. */
  run(errand: Errand | Job): Promise<Replication> {
    this.asked++
    return new Promise((resolve) => {
      this.waiting.push({ errand, resolve })
      this.next()
    })
  }

  /** Ends what is under way, and what waits. */
  stop(): void {
    this.stopping.abort()
    for (const { errand, resolve } of this.waiting.splice(0)) resolve(this.start(errand))
  }

  /** The pool has a queue as well, and gives some of it to threads that have not begun yet: out of order, if somebody stops early. */
  private next(): void {
    while (this.running < this.threads) {
      const first = this.waiting.shift()
      if (first === undefined) return
      this.running++
      first.resolve(this.start(first.errand).finally(() => this.freed()))
    }
  }

  private freed(): void {
    this.running--
    this.next()
  }

  private async start(errand: Errand | Job): Promise<Replication> {
    const end = await this.pool.run(errand, { signal: this.stopping.signal })
    if ('fault' in end) throw new WrongInput(end.fault)
    return end
  }

  async close(): Promise<void> {
    await this.pool.destroy()
  }
}
