import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { isMapping, type Path, show } from '../../../proxy/core/problems.ts'
import { checkScenario } from '../../../simulator/check-scenario.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import type { ScenarioFile } from '../../scenario-file.ts'
import { loadScenario } from '../../sim/load-scenario.ts'
import { WrongInput } from '../../sim/wrong-input.ts'
import type { Tell } from './gate.ts'
import { shownFrom } from './shown-from.ts'

/** A scenario of a gate file: a name, a file or a mapping. `also`: names that are known beside the experiments. Throws `WrongInput`. */
export async function readScenario(
  given: unknown,
  home: string,
  tell: Tell,
  also: readonly string[] = [],
): Promise<ScenarioFile> {
  if (typeof given === 'string') {
    const file = resolve(home, given)
    try {
      return await loadScenario(existsSync(file) ? shownFrom(file) : given, also)
    } catch (error) {
      if (!(error instanceof WrongInput)) throw error
      const place = tell(['scenario'], 'cannot be used:')
      throw new WrongInput(
        error.message
          .split('\n')
          .map((line) => place.replace(/(?<=used:)/, ` ${line}`))
          .join('\n'),
      )
    }
  }
  if (!isMapping(given))
    throw new WrongInput(
      tell(
        ['scenario'],
        given === undefined
          ? 'is required: a name, a file or a mapping'
          : `must be a name, a file or a mapping, got ${show(given)}`,
      ),
    )
  const { strategies, ...rest } = given
  const checked = checkScenario({ name: 'scenario', seed: 1, strategy: 'round_robin', ...rest })
  if ('problems' in checked)
    throw new WrongInput(
      checked.problems.map(({ path, text }) => tell(['scenario', ...path], text)).join('\n'),
    )
  const warnings = checked.warnings.map(({ path, text }) => tell(['scenario', ...path], text))
  if (strategies !== undefined && !Array.isArray(strategies))
    throw new WrongInput(tell(['scenario', 'strategies'], 'must be a list of strategies'))
  const place = (path: Path): string => tell(['scenario', ...path], '').replace(/^.*(?=\()/, '')
  return { scenario: checked.scenario, warnings, strategies, home, place }
}

/** A scenario with another duration may be none. Throws `WrongInput`. */
export function checkedAgain(scenario: Scenario, tell: Tell): Scenario {
  const checked = checkScenario(scenario)
  if ('scenario' in checked) return checked.scenario
  throw new WrongInput(
    checked.problems
      .map(({ text }) => tell(['duration'], `does not fit the scenario: ${text}`))
      .join('\n'),
  )
}
