import type { Replication } from '../../simulator/study/replication.ts'
import type { Errand } from '../../simulator/study/study.ts'
import type { Watched } from '../sim/progress.ts'
import { Replicator } from '../sim/replicator.ts'
import type { SweepRunner } from './collect.ts'
import type { Sweep } from './plan.ts'
import type { Results } from './results.ts'

/** Runs what is not known yet on threads of this machine. */
export class LocalRunner implements SweepRunner, Watched {
  private readonly sweep: Sweep
  private readonly results: Results
  private readonly threads: number | undefined
  private replicator: Replicator | undefined
  private stopped = false
  asked: number

  /** `asked`: how many runs there will be. */
  constructor(sweep: Sweep, results: Results, asked: number, threads: number | undefined) {
    this.sweep = sweep
    this.results = results
    this.asked = asked - results.size
    this.threads = threads
  }

  get progress(): Watched['progress'] {
    return this.replicator?.progress ?? { runs: 0, requests: 0 }
  }

  async run(cell: number, errand: Errand): Promise<Replication> {
    const of = this.results.of(cell, errand)
    const known = this.results.get(of)
    if (known !== undefined) return known
    if (this.stopped) throw new Error('it was stopped')
    const { contenders, scenario } = this.sweep.cells[cell].question
    const { contender, seed, warmup } = errand
    this.replicator ??= new Replicator(undefined, this.threads)
    const job = { scenario, contender: contenders[contender], seed, warmup }
    return this.results.add(of, await this.replicator.run(job))
  }

  stop(): void {
    this.stopped = true
    this.replicator?.stop()
  }

  async close(): Promise<void> {
    await this.replicator?.close()
  }
}
