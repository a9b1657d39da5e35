import type { Replication } from '../../simulator/study/replication.ts'
import { steadinessOf } from '../../simulator/study/steadiness.ts'
import {
  type Errand,
  type Question,
  seedsFor,
  study,
  type Study,
  warmUpFor,
} from '../../simulator/study/study.ts'
import type { Sweep } from './plan.ts'
import type { Results } from './results.ts'
import type { Shard } from './shard.ts'

/** Who runs errands of a sweep's cells: threads here, or workers anywhere. */
export interface SweepRunner {
  run(cell: number, errand: Errand): Promise<Replication>
}

/**
 * What of a cell falls to a shard; `first`: how many runs there are in the cells before. Every n-th by strategy and seed, so that each shard gets
 * some of everything: runs differ in length more by what is run than by the seed. But the first seed of all strategies is run first, so that whoever
 * stops early has pairs.
 */
function shareOf(
  question: Question,
  first: number,
  { index, of }: Shard,
): Omit<Errand, 'warmup'>[] {
  const seeds = seedsFor(question, question.reps)
  return seeds.flatMap((seed, i) =>
    question.contenders.flatMap((_, contender) =>
      (first + contender * seeds.length + i) % of === index - 1 ? [{ contender, seed }] : [],
    ),
  )
}

/** How many runs, pilots left out. */
export function sizeOf({ cells }: Sweep): number {
  return cells.reduce((sum, { question }) => sum + runsOf(question), 0)
}

function runsOf({ contenders, reps }: Question): number {
  return contenders.length * reps
}

/** How many runs a shard has, and how many pilots it takes to know what to leave out. */
export function workOf(sweep: Sweep, shard: Shard): { runs: number; pilots: number } {
  let first = 0
  let runs = 0
  let pilots = 0
  for (const { question } of sweep.cells) {
    const own = shareOf(question, first, shard).length
    first += runsOf(question)
    runs += own
    if (own > 0 && hasPilots(question)) pilots += question.contenders.length
  }
  return { runs, pilots }
}

function hasPilots({ scenario, warmup }: Question): boolean {
  return warmup === 'auto' && steadinessOf(scenario) === 'steady'
}

/** Has all of a shard run. Each finds the warm-up by itself: that costs a pilot a strategy, and nobody waits for anybody. */
export async function collect(sweep: Sweep, runner: SweepRunner, shard: Shard): Promise<void> {
  let before = 0
  const cells = sweep.cells.map(async ({ question }, cell) => {
    const own = shareOf(question, before, shard)
    before += runsOf(question)
    if (own.length === 0) return
    const run = (errand: Errand): Promise<Replication> => runner.run(cell, errand)
    const warmup = await warmUpFor(question, steadinessOf(question.scenario), { run })
    await Promise.all(own.map((errand) => run({ ...errand, warmup })))
  })
  await Promise.all(cells)
}

/** A run that nobody has done. */
export class Missing extends Error {}

/** What was found out, a study a cell: of results alone, so that it is the same wherever they come from. */
export function studiesOf(sweep: Sweep, results: Results, partly: boolean): Promise<Study[]> {
  const studies = sweep.cells.map(({ question }, cell) => {
    const run = async (errand: Errand): Promise<Replication> => {
      const found = results.get(results.of(cell, errand))
      if (found === undefined) throw new Missing()
      return found
    }
    return study(question, { run }, () => partly)
  })
  return Promise.all(studies)
}
