import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { isMapping, writePath } from '../../proxy/core/problems.ts'
import type { ArrivalSpec } from '../../simulator/arrivals.ts'
import { Findings } from '../../simulator/check/findings.ts'
import { arrivals as kind } from '../../simulator/check/work.ts'
import { experiments, loadScenario } from '../sim/load-scenario.ts'
import { WrongInput } from '../sim/wrong-input.ts'

/** Arrivals, and what the scenario that they are from says of time. */
export interface Asked {
  readonly spec: ArrivalSpec
  readonly duration?: number
  readonly warmup?: number
}

const RATED = ['poisson', 'paced']

/**
 * Arrivals as `--arrivals` names them: `poisson` and `paced`, whose rate `--rate` says, `ramp{from: 10, to: 500, duration: 30s}`, a file with one in
 * YAML or JSON, or a scenario, whose arrivals they are. Throws a `WrongInput`.
 */
export async function readArrivals(
  text: string,
  rate: number | undefined,
  standard: number,
): Promise<Asked> {
  if (RATED.includes(text))
    return { spec: checked({ type: text, rate: rate ?? standard }, '--arrivals') }
  const asked = await unrated(text)
  if (rate !== undefined)
    throw new WrongInput(
      `--rate is for poisson and paced arrivals: ${text} says itself how many come`,
    )
  return asked
}

async function unrated(text: string): Promise<Asked> {
  const [, type, options] = /^(\w*)\s*(\{.*\})$/s.exec(text.trim()) ?? []
  if (options !== undefined) {
    const given = parsed(options, '--arrivals')
    return { spec: checked(type === '' ? given : { type, ...(given as object) }, '--arrivals') }
  }
  if (text.includes('{')) throw new WrongInput(`--arrivals ${text} has no } at its end`)
  const fields = kind.types[text]
  if (fields !== undefined) {
    const needed = Object.keys(fields).filter((name) => fields[name].required)
    throw new WrongInput(`--arrivals ${text} needs more: ${text}{${needed.join(': …, ')}: …}`)
  }
  if (/\.(ya?ml|json)$/.test(text) && existsSync(text)) {
    const given = parsed(readFileSync(text, 'utf8'), text)
    if (isMapping(given) && 'type' in given) return { spec: checked(given, text) }
  }
  const known = existsSync(text) || experiments().some(({ name }) => name === text)
  if (!known && /^\w+$/.test(text)) return { spec: checked({ type: text }, '--arrivals') }
  const { scenario } = await loadScenario(text)
  const { arrivals, duration, warmup } = scenario
  return { spec: arrivals, duration, ...(warmup !== undefined && { warmup }) }
}

function parsed(text: string, name: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    throw new WrongInput(`${name} is not valid YAML: ${(error as Error).message.split('\n')[0]}`)
  }
}

function checked(given: unknown, name: string): ArrivalSpec {
  const findings = new Findings()
  const read = kind.read(given, ['arrivals'], findings)
  if (findings.count === 0) return read as ArrivalSpec
  const lines = findings.problems.map(({ path, text }) => `${writePath(path)} ${text} (${name})`)
  throw new WrongInput(lines.join('\n'))
}
