import type { Problem } from '../proxy/core/problems.ts'
import { Findings } from './check/findings.ts'
import { scenario as kind } from './check/scenario.ts'
import { doubts } from './check/whole.ts'
import type { Scenario } from './scenario.ts'

/** `warnings`: what is allowed, but hardly meant. */
export type Checked =
  | { readonly scenario: Scenario; readonly warnings: readonly Problem[] }
  | { readonly problems: readonly Problem[] }

/**
 * Makes a scenario of what a file or a person has given: times with units become milliseconds. Or says all that is wrong with it, up to a
 * hundred problems, each with its place: `servers[2].speed`, `must be above 0, got -1`. What holds over several parts is judged once the parts
 * are right. Never throws for plain data, whatever it is; a scenario that comes out of it can be simulated.
 */
export function checkScenario(data: unknown): Checked {
  const findings = new Findings()
  const scenario = kind.read(data, [], findings) as Scenario
  if (findings.count > 0) return { problems: findings.problems }
  return { scenario, warnings: doubts(scenario) }
}
