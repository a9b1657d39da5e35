import { createRequire } from 'node:module'
import { InvalidArgumentError } from 'commander'
import type * as yaml from 'yaml'
import { isMapping, type Path, show, writePath } from '../../proxy/core/problems.ts'
import { didYouMean } from '../../proxy/core/did-you-mean.ts'
import { checkScenario } from '../../simulator/check-scenario.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { splitList } from '../sim/strategy-list.ts'
import { WrongInput } from '../sim/wrong-input.ts'

/** Loaded when there is something to read: every verb reads the flags' own files at its start (test/cli.test.ts). */
const yamlReader = (): typeof yaml => createRequire(import.meta.url)('yaml') as typeof yaml

/** One thing that is varied, and what it takes in turn. */
export interface Axis {
  /** As it was written: `servers[2].speed`. */
  readonly name: string
  readonly path: Path
  readonly values: readonly unknown[]
}

/** What has a flag of its own, or would make two runs of one. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  seed: '--seeds 1..50 says which seeds',
  strategy: "--strategy a,b,'c{option: 1}' says which strategies",
  strategies: "--strategy a,b,'c{option: 1}' says which strategies",
  name: 'a name changes nothing',
}

/** `arrivals.rate=100,200,300`, `arrivals.rate=100..300/50` or `servers[0].speed=1,0.5`; can be given several times. */
export function readVary(text: string, before: readonly Axis[] = []): readonly Axis[] {
  const at = text.indexOf('=')
  if (at <= 0) throw new InvalidArgumentError('It must be like arrivals.rate=100,200,300.')
  const name = text.slice(0, at).trim()
  const path = pathOf(name)
  const elsewhere = ELSEWHERE[String(path[0])]
  if (elsewhere !== undefined)
    throw new InvalidArgumentError(`${name} is nothing to vary: ${elsewhere}.`)
  if (before.some((axis) => axis.name === name))
    throw new InvalidArgumentError(`${name} is varied twice: give all its values at once.`)
  const values = splitList(text.slice(at + 1)).flatMap(valuesOf)
  if (values.length === 0) throw new InvalidArgumentError(`${name} needs a value at least.`)
  const texts = values.map((each) => JSON.stringify(each))
  const twice = texts.find((each, i) => texts.indexOf(each) < i)
  if (twice !== undefined) throw new InvalidArgumentError(`${name} is ${twice} twice.`)
  return [...before, { name, path, values }]
}

function pathOf(name: string): Path {
  if (!/^\w+(?:\.\w+|\[\d+\])*$/.test(name))
    throw new InvalidArgumentError(
      `${show(name)} is no place in a scenario, like servers[2].speed.`,
    )
  return [...name.matchAll(/\w+/g)].map(([key]) => (/^\d+$/.test(key) ? Number(key) : key))
}

/** A number, a text, `{type: constant, value: 5}`, or a range with its step. */
function valuesOf(text: string): unknown[] {
  const range = /^(-?[\d.]+)\.\.(-?[\d.]+)\/([\d.]+)$/.exec(text)
  if (range !== null) return steps(...(range.slice(1).map(Number) as [number, number, number]))
  try {
    return [yamlReader().parse(text)]
  } catch (error) {
    throw new InvalidArgumentError(`${text}: ${(error as Error).message.split('\n')[0]}`)
  }
}

function steps(from: number, to: number, step: number): number[] {
  const count = Math.floor((to - from) / step + 1e-9) + 1
  if (!(step > 0 && count >= 1 && count <= 1000))
    throw new InvalidArgumentError('A range must be like 100..300/50: from, to, and by how much.')
  // Such that 0.1..0.5/0.1 has 0.3 in it, and not 0.30000000000000004.
  return Array.from({ length: count }, (_, i) => Number((from + i * step).toPrecision(12)))
}

export type Variation = Readonly<Record<string, unknown>>

/** Each value of each with each of the others; the first varies slowest. Without any, the scenario as it is. */
export function variationsOf(axes: readonly Axis[]): Variation[] {
  let all: Variation[] = [{}]
  for (const { name, values } of axes)
    all = all.flatMap((before) => values.map((value) => ({ ...before, [name]: value })))
  return all
}

/** A scenario with some things in it changed, checked anew. Throws `WrongInput`, a line for each thing that is wrong. */
export function varied(
  scenario: Scenario,
  axes: readonly Axis[],
  variation: Variation,
): { readonly scenario: Scenario; readonly warnings: readonly string[] } {
  const given = structuredClone(scenario) as unknown as Record<string, unknown>
  for (const { name, path } of axes) put(given, path, variation[name], name)
  const checked = checkScenario(given)
  const words = axes.map(({ name }) => `${name}=${flat(variation[name])}`).join(' ')
  if ('problems' in checked) {
    const lines = checked.problems.map(
      ({ path, text }) => `--vary ${words}: ${writePath(path)} ${text}`,
    )
    throw new WrongInput(lines.join('\n'))
  }
  const warnings = checked.warnings
    .filter(({ path: [key] }) => key !== 'strategy')
    .map(({ path, text }) => `${writePath(path)} ${text}`)
  return { scenario: checked.scenario, warnings }
}

/** A value on one line. */
export function flat(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What a scenario has not may be put in, like `policy.retries`; what it cannot have, its check finds. */
function put(given: Record<string, unknown>, path: Path, value: unknown, name: string): void {
  let into: unknown = given
  for (const [i, key] of path.entries()) {
    const here = writePath(path.slice(0, i))
    if (Array.isArray(into)) {
      if (typeof key !== 'number' || key >= into.length)
        throw new WrongInput(`--vary ${name}: ${here} has ${here}[0] to [${into.length - 1}]`)
    } else if (!isMapping(into)) {
      throw new WrongInput(`--vary ${name}: ${here} is ${show(into)}, with nothing inside`)
    } else if (i < path.length - 1 && into[key] === undefined && i > 0) {
      throw new WrongInput(`--vary ${name}: ${here} has no ${key}${meant(key, into)}`)
    }
    const inside = into as Record<string | number, unknown>
    if (i === path.length - 1) {
      inside[key] = value
      return
    }
    if (inside[key] === undefined && i === 0) {
      // A whole part, as a policy, may be left out; what is no part at all has a neighbour that is like it.
      const hint = meant(key, given)
      if (hint !== '') throw new WrongInput(`--vary ${name}: there is no ${key}${hint}`)
      inside[key] = {}
    }
    into = inside[key]
  }
}

function meant(key: string | number, known: Record<string, unknown>): string {
  const like = didYouMean(String(key), Object.keys(known))
  return like === undefined ? '' : ` (did you mean ${like}?)`
}
