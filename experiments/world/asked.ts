import type { Scenario } from '../../simulator/scenario.ts'
import type { Contender, Ours } from '../../simulator/study/contender.ts'
import { contendersOf } from '../sim/contenders.ts'
import { loadScenario } from '../sim/load-scenario.ts'
import { WrongInput } from '../sim/wrong-input.ts'
import { SCENARIOS } from '../twin/scenarios.ts'
import { notLive } from './limits.ts'

export interface Changes {
  readonly duration?: number | undefined
  readonly warmup?: number | undefined
  readonly seed?: number | undefined
}

/** A scenario of the twin's, a file or folder, or an experiment that comes along, as the flags change it. Throws `WrongInput`. */
export async function scenarioOf(name: string, changes: Changes): Promise<Scenario> {
  const given = ofTwin(name) ?? (await loadScenario(name, NAMES)).scenario
  return changed(name, given, changes)
}

/** Those of the twin, beside the experiments. */
export const NAMES = SCENARIOS.map(({ name }) => name)

export function ofTwin(name: string): Scenario | undefined {
  return SCENARIOS.find((each) => each.name === name)
}

/** Throws `WrongInput`. */
export function changed(name: string, given: Scenario, changes: Changes): Scenario {
  const { duration = given.duration, seed = given.seed, warmup = given.warmup ?? 0 } = changes
  if (warmup >= duration) {
    throw new WrongInput(
      `${name}: a warm-up of ${warmup / 1000} s leaves nothing of ${duration / 1000} s to be measured: give another warm-up or duration`,
    )
  }
  return { ...given, seed, duration, warmup }
}

/** Strategies that both worlds have. Throws `WrongInput`. */
export function strategiesFor(names: readonly unknown[]): Ours[] {
  return inBothWorlds(contendersOf(names))
}

/** Throws `WrongInput`. */
export function inBothWorlds(contenders: readonly Contender[]): Ours[] {
  return contenders.map((each) => {
    if ('spec' in each) return each
    throw new WrongInput(`${each.label}: only strategies that come along can be run in both worlds`)
  })
}

/** Throws `WrongInput` with all that cannot be done with real sockets. */
export function mustBeLive(scenarios: readonly Scenario[], contenders: readonly Ours[]): void {
  const lines = scenarios.flatMap((scenario) =>
    contenders.flatMap(({ spec }) =>
      notLive({ ...scenario, strategy: spec }).map((line) => `${scenario.name}: ${line}`),
    ),
  )
  if (lines.length > 0) throw new WrongInput([...new Set(lines)].join('\n'))
}
