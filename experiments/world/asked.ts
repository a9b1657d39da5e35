import type { Scenario } from '../../simulator/scenario.ts'
import type { Ours } from '../../simulator/study/contender.ts'
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
  const ours = SCENARIOS.find((each) => each.name === name)
  const given = ours ?? (await loadScenario(name)).scenario
  const { duration = given.duration, seed = given.seed, warmup = given.warmup ?? 0 } = changes
  if (warmup >= duration) {
    throw new WrongInput(
      `${name}: a warm-up of ${warmup / 1000} s leaves nothing of ${duration / 1000} s to be measured: give another --warmup or --duration`,
    )
  }
  return { ...given, seed, duration, warmup }
}

/** Strategies that both worlds have. Throws `WrongInput`. */
export function strategiesFor(names: readonly unknown[]): Ours[] {
  return contendersOf(names).map((each) => {
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
