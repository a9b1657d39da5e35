import { writePath } from '../../../proxy/core/problems.ts'
import { checkScenario } from '../../../simulator/check-scenario.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import { doubts } from '../../../simulator/check/whole.ts'
import type { Ours } from '../../../simulator/study/contender.ts'
import { readStrategy } from './strategy-text.ts'

/** What is set on the page: all that its numbers depend on. */
export interface Setup {
  readonly scenario: Scenario
  /** One a lane, as people write them. */
  readonly strategies: readonly string[]
  /** Replications of the study. */
  readonly reps: number
}

export const MOST_LANES = 4
export const MOST_REPS = 200

/** In front of what can be told of them. */
export interface Problems {
  readonly problems: readonly string[]
}

/** Makes a setup of what a link or a file says. Or tells all that is wrong with it. */
export function checkSetup(given: {
  readonly scenario: unknown
  readonly strategies: unknown
  readonly reps: unknown
}): Setup | Problems {
  const checked = checkScenario(given.scenario)
  if ('problems' in checked) {
    return { problems: checked.problems.map(({ path, text }) => `${writePath(path)} ${text}`) }
  }
  const { reps, strategies } = given
  if (!Array.isArray(strategies) || strategies.length === 0 || strategies.length > MOST_LANES) {
    return { problems: [`strategies must be a list of 1 to ${MOST_LANES}`] }
  }
  const wrong = strategies.flatMap((text) => {
    const found = typeof text === 'string' ? readStrategy(text) : { fault: 'must be a text' }
    return 'fault' in found ? [found.fault] : []
  })
  if (wrong.length > 0) return { problems: wrong }
  if (!Number.isInteger(reps) || (reps as number) < 1 || (reps as number) > MOST_REPS) {
    return { problems: [`reps must be a whole number from 1 to ${MOST_REPS}`] }
  }
  const names = strategies as string[]
  return { scenario: checked.scenario, strategies: names, reps: reps as number }
}

/** Those that take part; one that is there twice takes part once, as on the command line. */
export function contendersOf({ strategies }: Setup): Ours[] {
  const found: Ours[] = []
  for (const text of strategies) {
    const one = readStrategy(text)
    if ('fault' in one || found.some(({ label }) => label === one.label)) continue
    found.push(one)
  }
  return found
}

/** What is allowed, but hardly meant: a line each. */
export function warningsOf({ scenario }: Setup, contenders: readonly Ours[]): string[] {
  const own = doubts(scenario)
    .filter(({ path: [key] }) => key !== 'strategy')
    .map(({ path, text }) => `${writePath(path)} ${text}`)
  const theirs = contenders.flatMap(({ label, spec }) =>
    doubts({ ...scenario, strategy: spec })
      .filter(({ path: [key] }) => key === 'strategy')
      .map(({ text }) => `${label} ${text}`),
  )
  return [...own, ...theirs]
}
