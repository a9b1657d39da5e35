import type { Scenario } from '../../simulator/scenario.ts'
import type { Replication } from '../../simulator/study/replication.ts'
import type { Errand } from '../../simulator/study/study.ts'
import { StudyRunner } from '../lab/study-runner.ts'
import type { Dealing } from './deal-worker.ts'
import { contenderOf, type LessonRunner } from './find-out.ts'
import type { Case } from './lesson.ts'

/** More would take longer to start than a lesson takes to run. */
const WORKERS = 4

/** In workers, so that the page stays smooth. */
export function inWorkers(scenario: Scenario, cases: readonly Case[]): LessonRunner {
  const { order } = cases[0]
  if (order !== undefined) return new DealRunner(scenario, order)
  return new StudyRunner(
    scenario,
    cases.map((each) => contenderOf(each)),
    Math.min(WORKERS, navigator.hardwareConcurrency),
  )
}

/** One worker that runs an order, one errand after the other. */
class DealRunner implements LessonRunner {
  private readonly worker = new Worker(new URL('./deal-worker.ts', import.meta.url), {
    type: 'module',
  })
  private readonly scenario: Scenario
  private readonly order: readonly number[]
  private last: Promise<unknown> = Promise.resolve()

  constructor(scenario: Scenario, order: readonly number[]) {
    this.scenario = scenario
    this.order = order
  }

  run({ seed, warmup }: Errand): Promise<Replication> {
    const run = this.last.then(() => this.ask({ ...this.scenario, seed, warmup }))
    this.last = run
    return run
  }

  stop(): void {
    this.worker.terminate()
  }

  private ask(scenario: Scenario): Promise<Replication> {
    const dealing: Dealing = { scenario, order: this.order }
    return new Promise((resolve, reject) => {
      const once = { once: true }
      this.worker.addEventListener('message', ({ data }) => resolve(data as Replication), once)
      this.worker.addEventListener('error', ({ message }) => reject(new Error(message)), once)
      this.worker.postMessage(dealing)
    })
  }
}
