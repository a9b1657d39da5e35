/** A thread of replications: see `Replicator`. */
import { workerData } from 'piscina'
import { thrown } from '../../proxy/core/guarded.ts'
import type { StrategyFactory } from '../../proxy/core/strategy.ts'
import type { Contender } from '../../simulator/study/contender.ts'
import type { Errand } from '../../simulator/study/study.ts'
import type { Fault, Job, Work } from './replicator.ts'
import { type Replication, replicate } from '../../simulator/study/replication.ts'

const { done, subject } = workerData as Work

/** Files are loaded once a thread. */
const loaded = new Map<string, Promise<StrategyFactory>>()

export default async function run(task: Errand | Job): Promise<Replication | Fault> {
  const { seed, warmup } = task
  const { scenario } = 'scenario' in task ? task : subject!
  const chosen = 'scenario' in task ? task.contender : subject!.contenders[task.contender]
  if ('spec' in chosen) {
    return replicate({ ...scenario, seed, warmup, strategy: chosen.spec }, undefined, onPiece)
  }
  const { label } = chosen
  const key = JSON.stringify(chosen)
  const strategy = loaded.get(key) ?? load(chosen)
  loaded.set(key, strategy)
  try {
    return replicate({ ...scenario, seed, warmup }, await strategy, onPiece)
  } catch (error) {
    const { placeOf } = await import('../../proxy/strategy-module.ts')
    const file = 'file' in chosen ? chosen.file : chosen.experiment
    return { fault: `${label} ${thrown(error)} ${placeOf(error, file)}`.trimEnd() }
  }
}

/** What it takes is read only where it is needed: most threads are short. */
async function load(chosen: Exclude<Contender, { spec: unknown }>): Promise<StrategyFactory> {
  if ('experiment' in chosen) {
    const { ownStrategy } = await import('./experiment-cases.ts')
    return ownStrategy(chosen)
  }
  const { loadStrategyFile } = await import('../../proxy/strategy-file.ts')
  return loadStrategyFile(chosen.file, chosen.options)
}

function onPiece(requests: number): void {
  Atomics.add(done, 0, 1)
  // In thousands: 32 bits of requests are a few minutes' work. What is left over is lost; this is for a display.
  Atomics.add(done, 1, Math.round(requests / 1000))
}
