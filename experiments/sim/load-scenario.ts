import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { isMapping } from '../../proxy/core/problems.ts'
import { importModule, whyNotLoaded } from '../../proxy/strategy-module.ts'
import { RunRecorder } from '../../simulator/run-recorder.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { Simulation } from '../../simulator/simulation.ts'
import { WrongInput } from './wrong-input.ts'

export interface LoadedScenario {
  readonly scenario: Scenario
  /** The strategies that it wants to see side by side, as `contendersOf` takes them. */
  readonly strategies: readonly unknown[] | undefined
  /** The folder of its file. */
  readonly home: string
}

/** Where the experiments are that come along. */
export const EXPERIMENTS = fileURLToPath(new URL('..', import.meta.url))

/**
 * Loads a scenario from a folder with a scenario.ts, from a .ts or .js module (its default export), or from a .json or .yaml file; the name
 * of an experiment that comes along will do, too. Throws `WrongInput` that says what is wrong with it.
 */
export async function loadScenario(path: string): Promise<LoadedScenario> {
  const file = fileOf(path)
  const { given, strategies } = await read(file, path)
  if (!isMapping(given)) throw new WrongInput(`${path} has no scenario in it`)
  const { strategies: own, ...scenario } = given
  const listed = strategies ?? own
  if (listed !== undefined && !Array.isArray(listed)) {
    throw new WrongInput(`${path}: strategies must be a list`)
  }
  const complete = {
    name: path,
    seed: 1,
    strategy: 'round_robin',
    ...scenario,
  } as unknown as Scenario
  check(complete, path)
  return { scenario: ended(complete, path), strategies: listed, home: dirname(file) }
}

/** A trace ends just behind its last request; anything else has to say when. */
function ended(scenario: Scenario, path: string): Scenario {
  const { arrivals, duration } = scenario
  if (duration < Infinity) return scenario
  if (arrivals.type !== 'trace' || arrivals.times.length === 0) {
    throw new WrongInput(`${path}: duration must be finite`)
  }
  let last = 0
  for (let i = 0; i < arrivals.times.length; i++) last = Math.max(last, arrivals.times[i])
  return { ...scenario, duration: Math.floor(last / (arrivals.speed ?? 1)) + 1 }
}

function fileOf(path: string): string {
  const places = [resolve(path), ...(/^[\w-]+$/.test(path) ? [join(EXPERIMENTS, path)] : [])]
  const place = places.find((each) => existsSync(each))
  if (place === undefined) {
    throw new WrongInput(`there is no ${path} (evenkeel sim --list shows what comes along)`)
  }
  if (!statSync(place).isDirectory()) return place
  const inside = ['scenario.ts', 'scenario.yaml', 'scenario.yml', 'scenario.json']
  const file = inside.map((name) => join(place, name)).find((each) => existsSync(each))
  if (file === undefined) throw new WrongInput(`${path} is a folder without a scenario.ts`)
  return file
}

async function read(file: string, path: string): Promise<{ given: unknown; strategies?: unknown }> {
  if (/\.[cm]?[jt]s$/.test(file)) {
    try {
      const { default: given, strategies } = await importModule(file)
      if (given === undefined) throw new WrongInput(`${path} has no default export`)
      return { given, strategies }
    } catch (error) {
      if (error instanceof WrongInput) throw error
      throw new WrongInput(`${path} ${whyNotLoaded(error, file)}`)
    }
  }
  if (!/\.(json|ya?ml)$/.test(file)) {
    throw new WrongInput(`${path} must be a folder, or end in .ts, .js, .json or .yaml`)
  }
  try {
    // JSON is YAML, too.
    return { given: parse(readFileSync(file, 'utf8')) }
  } catch (error) {
    throw new WrongInput(`${path} cannot be read: ${(error as Error).message.trim()}`)
  }
}

/** Makes a simulation of it, which is what knows all the rules. */
function check(scenario: Scenario, path: string): void {
  const missing = ['duration', 'arrivals', 'work', 'servers'].filter(
    (key) => (scenario as unknown as Record<string, unknown>)[key] === undefined,
  )
  if (missing.length > 0) throw new WrongInput(`${path}: ${missing.join(', ')} must be given`)
  if (!(scenario.duration > 0)) throw new WrongInput(`${path}: duration must be above 0`)
  try {
    void new Simulation(scenario, new RunRecorder())
  } catch (error) {
    throw new WrongInput(`${path}: ${(error as Error).message}`)
  }
}
