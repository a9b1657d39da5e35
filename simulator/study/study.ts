import type { Scenario } from '../scenario.ts'
import type { Interval } from '../statistics/interval.ts'
import { moreForPrecision } from '../statistics/precision.ts'
import { compare, isLevel, type Standing } from './comparison.ts'
import type { Contender } from './contender.ts'
import type { Replay } from './replay.ts'
import type { Replication } from './replication.ts'
import { pilotSeedOf, seedsOf } from './seeds.ts'
import { quietFrom, type Steadiness, steadinessOf, warmUpOf } from './steadiness.ts'

/** What is to be found out. */
export interface Question {
  readonly scenario: Scenario
  /** What is allowed, but hardly meant: a line each. */
  readonly warnings: readonly string[]
  /** The experiment that it is from, if that has more to it than this scenario. */
  readonly partOf?: string | undefined
  /** Where its requests were recorded. */
  readonly replay?: Replay | undefined
  readonly contenders: readonly Contender[]
  readonly reps: number
  /** Of the replications, where somebody names them; else they come from the scenario's. */
  readonly seeds?: readonly number[]
  /** `auto`: MSER-5 on a pilot run of each strategy, the longest for all. */
  readonly warmup: 'auto' | number
  /** Go on until the intervals of mean and p99 are that narrow, as a share of the value, … */
  readonly precision: number | undefined
  /** … but no further than this. */
  readonly maxReps: number
}

/** What was found out. */
export interface Study {
  readonly question: Question
  /** As it was run, but for the seed, which each replication has its own of. */
  readonly scenario: Scenario
  readonly steadiness: Steadiness
  readonly seeds: readonly number[]
  readonly standings: readonly Standing[]
  /** The widest of the intervals of mean and p99, as a share of the value; undefined if nobody asked, or none is known. */
  readonly precision: number | undefined
  /** Somebody did not want to wait. */
  readonly interrupted: boolean
}

/** One run. */
export interface Errand {
  /** By place. */
  readonly contender: number
  readonly seed: number
  readonly warmup: number
}

/** Who runs errands. */
export interface Runner {
  run(errand: Errand): Promise<Replication>
}

/**
 * Runs every strategy under the same seeds. `interrupted` is asked when a run fails: then what is known so far is what there is. All
 * that it finds depends on the question alone, and not on how many threads there are or which of them is done first.
 */
export async function study(
  question: Question,
  runner: Runner,
  interrupted: () => boolean,
): Promise<Study> {
  const { contenders, precision: wanted, maxReps } = question
  const steadiness = steadinessOf(question.scenario)
  const runs: (Replication | undefined)[][] = contenders.map(() => [])
  let warmup = 0
  let count = wanted === undefined ? question.reps : Math.min(question.reps, maxReps)
  let standings: Standing[] = []
  let known = 0
  let precision: number | undefined
  try {
    warmup = await warmUpFor(question, steadiness, runner)
    for (let from = 0; ;) {
      const seeds = seedsFor(question, count)
      await round(runs, seeds, from, warmup, runner)
      from = count
      known = count
      standings = compare(
        contenders,
        runs as Replication[][],
        steadiness,
        quietOf(question, warmup),
      )
      if (wanted === undefined) break
      precision = precisionOf(standings)
      const more = moreFor(standings, wanted)
      if (more === 0 || count >= maxReps) break
      // At most twice as many: what so few say of the spread is not much.
      count = Math.min(maxReps, count + more, 2 * count)
    }
  } catch (error) {
    if (!interrupted()) throw error
    // Pairs only: as many of each as there are of all.
    known = Math.min(...runs.map((of) => prefix(of)))
    const whole = runs.map((of) => of.slice(0, known) as Replication[])
    standings = known === 0 ? [] : compare(contenders, whole, steadiness, quietOf(question, warmup))
    if (wanted !== undefined) precision = precisionOf(standings)
  }
  return {
    question,
    scenario: { ...question.scenario, warmup },
    steadiness,
    seeds: seedsFor(question, known).slice(0, known),
    standings,
    precision,
    interrupted: interrupted(),
  }
}

export function seedsFor({ scenario, seeds }: Question, count: number): readonly number[] {
  return seeds ?? seedsOf(scenario.seed, count)
}

/** Where in the curve, which begins where the warm-up ends, the last event was, as a share; undefined if nothing of that kind is there. */
export function quietOf({ scenario }: Question, warmup: number): number | undefined {
  const { duration } = scenario
  const from = quietFrom({ ...scenario, warmup })
  return from === undefined ? undefined : Math.max(0, from - warmup) / (duration - warmup)
}

/** All runs from `from` on, so that the first replications of all strategies are done first. */
async function round(
  runs: (Replication | undefined)[][],
  seeds: readonly number[],
  from: number,
  warmup: number,
  runner: Runner,
): Promise<void> {
  const all: Promise<void>[] = []
  for (let i = from; i < seeds.length; i++) {
    for (const [contender, of] of runs.entries()) {
      const run = runner.run({ contender, seed: seeds[i], warmup })
      all.push(run.then((replication) => void (of[i] = replication)))
    }
  }
  await Promise.all(all)
}

/** What is left out at the beginning, in milliseconds. */
export async function warmUpFor(
  { contenders, scenario, warmup }: Question,
  steadiness: Steadiness,
  runner: Runner,
): Promise<number> {
  if (warmup !== 'auto') return warmup
  // There is no level that it could lead to.
  if (steadiness !== 'steady') return 0
  const seed = pilotSeedOf(scenario.seed)
  const pilots = await Promise.all(
    contenders.map((_, contender) => runner.run({ contender, seed, warmup: 0 })),
  )
  return Math.max(...pilots.map((pilot) => warmUpOf(pilot, scenario.duration)))
}

function prefix(of: readonly (Replication | undefined)[]): number {
  let count = 0
  while (of[count] !== undefined) count++
  return count
}

function judged(standings: readonly Standing[]): Interval[] {
  return standings
    .filter(({ steadiness }) => isLevel(steadiness))
    .flatMap(({ figures }) => [figures.mean, figures.p99])
    .filter((each) => each !== null)
}

function precisionOf(standings: readonly Standing[]): number | undefined {
  const all = judged(standings).map(({ half, mean }) => (half === 0 ? 0 : half / Math.abs(mean)))
  return all.length === 0 ? undefined : Math.max(...all)
}

function moreFor(standings: readonly Standing[], wanted: number): number {
  return Math.max(0, ...judged(standings).map((each) => moreForPrecision(each, wanted)))
}
