import type { Scenario } from '../../simulator/scenario.ts'
import type { Case } from './case.ts'
import { POLICIES } from './policies.ts'
import { POOLS } from './pools.ts'
import { QUEUES } from './queues.ts'
import { run } from './run.ts'

export const CASES: readonly Case[] = [...QUEUES, ...POOLS, ...POLICIES]

/** Enough for Student's t, few enough for each to be long. */
const REPLICATIONS = 20

/** What tests take of the length. */
export const QUICK = 0.1

/** `[check][replication]`. `part`: this share of the length. The seeds are these, whatever they show. */
export function replicate(each: Case, part = 1): number[][] {
  const values: number[][] = each.checks.map(() => [])
  for (let seed = 1; seed <= REPLICATIONS; seed++) {
    const found = run(scenarioOf(each, seed, part))
    each.checks.forEach((check, i) => values[i].push(check.of(found)))
  }
  return values
}

function scenarioOf(
  { length, name, scenario, warmup }: Case,
  seed: number,
  part: number,
): Scenario {
  const duration = warmup + (part * length) / REPLICATIONS
  return { name, seed, duration, warmup, ...scenario }
}
