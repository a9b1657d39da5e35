import type { Scenario } from '../../simulator/scenario.ts'
import type { Ours } from '../../simulator/study/contender.ts'
import { PIECES, type Replication } from '../../simulator/study/replication.ts'
import type { Errand, Runner } from '../../simulator/study/study.ts'
import type { Said, Work } from './study-worker.ts'

interface Waiting {
  readonly errand: Errand
  readonly resolve: (run: Replication) => void
  readonly reject: (reason: Error) => void
}

/**
 * Runs replications in the browser's workers, in the order in which they were asked for. What they come to depends on their errands alone, never on
 * how many workers there are: it is what the command line finds.
 */
export class StudyRunner implements Runner {
  /** Told whenever a piece is done: how much of what was asked for is, in runs. */
  onProgress: (done: number, asked: number) => void = () => {}
  private readonly workers: Worker[] = []
  private readonly idle: Worker[] = []
  private readonly waiting: Waiting[] = []
  private readonly busy = new Map<Worker, Waiting>()
  private asked = 0
  private pieces = 0
  private stopped = false

  constructor(
    scenario: Scenario,
    contenders: readonly Ours[],
    count = navigator.hardwareConcurrency,
  ) {
    const work: Work = { scenario, contenders }
    for (let i = 0; i < Math.max(1, Math.min(8, count)); i++) {
      const worker = new Worker(new URL('./study-worker.ts', import.meta.url), { type: 'module' })
      worker.addEventListener('message', ({ data }: MessageEvent<Said>) => this.hear(worker, data))
      worker.addEventListener('error', ({ message }) => this.hear(worker, { fault: message }))
      worker.postMessage(work)
      this.workers.push(worker)
      this.idle.push(worker)
    }
  }

  /** Rejects if it was stopped, or broke. */
  run(errand: Errand): Promise<Replication> {
    if (this.stopped) return Promise.reject(new Error('stopped'))
    this.asked++
    return new Promise((resolve, reject) => {
      this.waiting.push({ errand, resolve, reject })
      this.next()
    })
  }

  /** Ends what is under way, and what waits. */
  stop(): void {
    this.stopped = true
    for (const worker of this.workers) worker.terminate()
    for (const { reject } of [...this.busy.values(), ...this.waiting]) reject(new Error('stopped'))
    this.busy.clear()
    this.waiting.length = 0
  }

  private next(): void {
    while (this.idle.length > 0 && this.waiting.length > 0) {
      const worker = this.idle.pop()!
      const first = this.waiting.shift()!
      this.busy.set(worker, first)
      worker.postMessage(first.errand)
    }
  }

  private hear(worker: Worker, said: Said): void {
    if ('piece' in said) {
      this.pieces++
      this.onProgress(this.pieces / PIECES, this.asked)
      return
    }
    const errand = this.busy.get(worker)
    this.busy.delete(worker)
    this.idle.push(worker)
    if ('run' in said) errand?.resolve(said.run)
    else errand?.reject(new Error(said.fault))
    this.next()
  }
}
