import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { didYouMean } from '../../proxy/core/did-you-mean.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { readScenarioFile, type ScenarioFile, ScenarioFileError } from '../scenario-file.ts'
import { codeIn } from './code-in.ts'
import { WrongInput } from './wrong-input.ts'

/** Where the experiments are that come along. */
const EXPERIMENTS = fileURLToPath(new URL('..', import.meta.url))

/** Their folders, by name. */
export function experiments(): { readonly name: string; readonly folder: string }[] {
  return readdirSync(EXPERIMENTS)
    .map((name) => ({ name, folder: join(EXPERIMENTS, name) }))
    .filter(({ folder }) => codeIn(folder, 'scenario') !== undefined)
}

/**
 * A scenario from a file or a folder, or from an experiment that comes along, by its name. `also`: names that the caller knows beside these.
 * Throws `WrongInput`: a line for each thing that is wrong.
 */
export async function loadScenario(
  path: string,
  also: readonly string[] = [],
): Promise<ScenarioFile> {
  try {
    const loaded = await readScenarioFile(existsSync(path) ? path : ours(path, also))
    return { ...loaded, scenario: ended(loaded.scenario) }
  } catch (error) {
    if (error instanceof ScenarioFileError) throw new WrongInput(error.message)
    throw error
  }
}

function ours(name: string, also: readonly string[]): string {
  const all = experiments()
  const found = all.find((each) => each.name === name)
  if (found !== undefined) return found.folder
  const meant = didYouMean(name, [...also, ...all.map((each) => each.name)])
  const listed = 'evenkeel sim --list shows'
  const rest =
    also.length === 0
      ? `(${listed} what comes along)`
      : `(there are ${also.join(', ')}, and what ${listed})`
  const hint = meant === undefined ? rest : `(did you mean ${meant}?)`
  throw new WrongInput(`there is no ${name} ${hint}`)
}

/** Curves and warm-ups go by the length of a run: one that ends with its last request ends just behind it. */
function ended(scenario: Scenario): Scenario {
  const { arrivals, duration } = scenario
  if (duration < Infinity) return scenario
  let last = 0
  if (arrivals.type === 'trace') {
    const { speed = 1, times } = arrivals
    for (let i = 0; i < times.length; i++) last = Math.max(last, times[i] / speed)
  }
  if (arrivals.type === 'steps') for (const step of arrivals.steps) last += step.duration
  return { ...scenario, duration: Math.floor(last) + 1 }
}
