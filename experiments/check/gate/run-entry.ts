import { compare } from '../../../simulator/study/comparison.ts'
import type { Replication } from '../../../simulator/study/replication.ts'
import { seedsOf } from '../../../simulator/study/seeds.ts'
import { type Steadiness, steadinessOf } from '../../../simulator/study/steadiness.ts'
import { type Question, quietOf, study } from '../../../simulator/study/study.ts'
import { Progress } from '../../sim/progress.ts'
import { Replicator } from '../../sim/replicator.ts'
import type { Interrupt } from '../../live/interrupt.ts'
import type { Entry } from './gate.ts'

/** One scenario's runs. */
export interface Ran {
  readonly entry: Entry
  readonly seeds: readonly number[]
  /** Milliseconds that were left out of each. */
  readonly warmup: number
  /** Of each contender, under the same seeds. */
  readonly runs: readonly (readonly Replication[])[]
  /** Of each contender: whether there is a level to tell a time of. */
  readonly settled: readonly Steadiness[]
}

export interface Means {
  readonly interrupt: Interrupt
  readonly threads: number | undefined
}

/**
 * Runs a scenario; then, as long as `wantsMore` says so, twice as often, up to `most`. `warmup`: one that was found before. Undefined if
 * somebody did not want to wait.
 */
export async function runEntry(
  entry: Entry,
  { interrupt, threads }: Means,
  {
    most,
    warmup = entry.warmup,
    wantsMore,
  }: { most: number; warmup?: Entry['warmup'] | undefined; wantsMore: (ran: Ran) => boolean },
): Promise<Ran | undefined> {
  const { contenders, reps, scenario } = entry
  const replicator = new Replicator({ scenario, contenders }, threads)
  void interrupt.first.then(() => replicator.stop())
  const progress = new Progress(process.stderr, replicator)
  const question: Question = {
    scenario,
    warnings: [],
    contenders,
    reps,
    warmup,
    precision: undefined,
    maxReps: reps,
  }
  try {
    const found = await study(question, replicator, () => interrupt.happened)
    if (found.interrupted) return undefined
    const cut = found.scenario.warmup!
    const runs = found.standings.map((standing) => [...standing.runs])
    let ran = ranOf(entry, question, runs, cut)
    while (ran.seeds.length < most && wantsMore(ran)) {
      const seeds = seedsOf(scenario.seed, Math.min(most, 2 * ran.seeds.length))
      const more = seeds.slice(ran.seeds.length)
      const asked = more.map((seed) =>
        Promise.all(
          contenders.map((_, contender) => replicator.run({ contender, seed, warmup: cut })),
        ),
      )
      for (const round of await Promise.all(asked)) round.forEach((run, i) => runs[i].push(run))
      ran = ranOf(entry, question, runs, cut)
    }
    return ran
  } catch (error) {
    if (interrupt.happened) return undefined
    throw error
  } finally {
    progress.end()
    await replicator.close()
  }
}

function ranOf(
  entry: Entry,
  question: Question,
  runs: readonly (readonly Replication[])[],
  warmup: number,
): Ran {
  const { contenders, scenario } = entry
  const standings = compare(contenders, runs, steadinessOf(scenario), quietOf(question, warmup))
  const settled = standings.map(({ steadiness }) => steadiness)
  return { entry, seeds: runs[0].map(({ seed }) => seed), warmup, runs, settled }
}
