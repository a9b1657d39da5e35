/** A worker of replications: see `StudyRunner`. */
import type { Scenario } from '../../simulator/scenario.ts'
import type { Ours } from '../../simulator/study/contender.ts'
import { type Replication, replicate } from '../../simulator/study/replication.ts'
import type { Errand } from '../../simulator/study/study.ts'

/** What a worker knows from the start. */
export interface Work {
  readonly scenario: Scenario
  readonly contenders: readonly Ours[]
}

/** What it says: a piece of the run is done, or all of it, or it broke. */
export type Said =
  | { readonly piece: number }
  | { readonly run: Replication }
  | { readonly fault: string }

let work: Work

function say(said: Said): void {
  self.postMessage(said)
}

self.addEventListener('message', ({ data }: MessageEvent<Work | Errand>) => {
  if ('contenders' in data) {
    work = data
    return
  }
  const { contender, seed, warmup } = data
  const strategy = work.contenders[contender].spec
  try {
    say({
      run: replicate({ ...work.scenario, seed, warmup, strategy }, undefined, (piece) =>
        say({ piece }),
      ),
    })
  } catch (error) {
    say({ fault: error instanceof Error ? error.message : String(error) })
  }
})
