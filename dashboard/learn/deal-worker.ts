/** Runs an order that a reader laid: no strategy of ours, so the workers of studies do not know it. */
import type { Scenario } from '../../simulator/scenario.ts'
import { replicate } from '../../simulator/study/replication.ts'
import { dealt } from './deal.ts'

export interface Dealing {
  readonly scenario: Scenario
  readonly order: readonly number[]
}

self.addEventListener('message', ({ data }: MessageEvent<Dealing>) => {
  self.postMessage(replicate(data.scenario, dealt(data.order)))
})
