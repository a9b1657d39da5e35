/** A thread of replications: see `Replicator`. */
import { workerData } from 'piscina'
import type { StrategyFactory } from '../../proxy/core/strategy.ts'
import { loadStrategyFile } from '../../proxy/strategy-file.ts'
import type { Errand, Work } from './replicator.ts'
import { type Replication, replicate } from './replication.ts'

const { contenders, done, scenario } = workerData as Work

/** Files are loaded once a thread. */
const loaded = new Map<number, Promise<StrategyFactory>>()

export default async function run({ contender, seed, warmup }: Errand): Promise<Replication> {
  const chosen = contenders[contender]
  let strategy: StrategyFactory | undefined
  if ('file' in chosen) {
    const loading = loaded.get(contender) ?? loadStrategyFile(chosen.file, chosen.options)
    loaded.set(contender, loading)
    strategy = await loading
  }
  const spec = 'file' in chosen ? scenario.strategy : chosen.spec
  return replicate({ ...scenario, seed, warmup, strategy: spec }, strategy, (requests) => {
    Atomics.add(done, 0, 1)
    // In thousands: 32 bits of requests are a few minutes' work. What is left over is lost; this is for a display.
    Atomics.add(done, 1, Math.round(requests / 1000))
  })
}
