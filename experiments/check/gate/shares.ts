import { count, percent } from '../../../simulator/format.ts'
import {
  FALSE_ALARM,
  fairnessChance,
  fairnessGate,
  SURE,
} from '../../../simulator/statistics/fairness.ts'
import type { Replication } from '../../../simulator/study/replication.ts'
import { about } from '../../../simulator/statistics/verdict.ts'
import type { Promised } from './gate.ts'
import type { Item } from './item.ts'

/** For doubles: how far a bound is passed by rounding alone. */
const GRAIN = 1e-6

/**
 * Whether servers get what they are due. Who takes turns is held to its exact bound in each run; who draws to Pearson's test over the
 * requests of all of them, with a false alarm of 1e-6, once they are enough to see one server that is off by as much as was asked.
 */
export function judgeShares(
  off: number,
  { bound, weights }: Promised,
  runs: readonly Replication[],
): Omit<Item, 'repeat'> {
  const what = `shares within ${percent(off)} of what is due`
  return bound === undefined
    ? byChance(what, off, weights, runs)
    : exactly(what, bound, weights, runs)
}

function exactly(
  what: string,
  bound: number,
  weights: readonly number[],
  runs: readonly Replication[],
): Omit<Item, 'repeat'> {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let most = 0
  let worst = ''
  for (const { seed, servers } of runs) {
    const all = servers.reduce((sum, { attempts }) => sum + attempts, 0)
    servers.forEach(({ attempts, id }, i) => {
      const away = Math.abs(attempts - (all * weights[i]) / total)
      if (away <= most) return
      most = away
      worst = `${id} with seed ${seed}`
    })
  }
  const words = `at most ${most.toFixed(2)} requests off its due`
  const limit = `${bound.toFixed(2)} ${bound === 1 ? 'is' : 'are'} allowed, exactly`
  if (most <= bound + GRAIN) return { what, verdict: 'pass', seen: `${words}; ${limit}` }
  return {
    what,
    verdict: 'fail',
    seen: `${most.toFixed(2)} requests off its due (${worst}); ${limit}`,
  }
}

function byChance(
  what: string,
  off: number,
  weights: readonly number[],
  runs: readonly Replication[],
): Omit<Item, 'repeat'> {
  const counts = weights.map((_, i) =>
    runs.reduce((sum, { servers }) => sum + servers[i].attempts, 0),
  )
  const all = counts.reduce((sum, each) => sum + each, 0)
  const { needed } = fairnessGate(weights, off)
  const chance = fairnessChance(counts, weights)
  const asked = `false alarm ${FALSE_ALARM}, power ${SURE} with ${count(needed)}`
  const seen = `${count(all)} requests, p = ${shown(chance)} (chi-square, ${asked})`
  if (chance < FALSE_ALARM)
    return { what, verdict: 'fail', seen: `${seen}: ${farthest(counts, weights, runs)}` }
  if (all >= needed) return { what, verdict: 'pass', seen }
  const more = Math.ceil((needed - all) / (all / runs.length))
  return {
    what,
    verdict: 'undecided',
    seen,
    more,
    hint: `needs about ${about(more)} more replications`,
  }
}

function farthest(
  counts: readonly number[],
  weights: readonly number[],
  [{ servers }]: readonly Replication[],
): string {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const all = counts.reduce((sum, each) => sum + each, 0)
  let [at, most] = [0, 0]
  counts.forEach((each, i) => {
    const away = weights[i] === 0 ? each : Math.abs(each / all / (weights[i] / total) - 1)
    if (away > most) [at, most] = [i, away]
  })
  return `${servers[at].id} has ${percent(counts[at] / all)} and is due ${percent(weights[at] / total)}`
}

function shown(chance: number): string {
  return chance === 0 ? '0' : chance < 0.001 ? chance.toExponential(1) : chance.toFixed(3)
}
