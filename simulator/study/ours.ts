import { writePath } from '../../proxy/core/problems.ts'
import { findStrategy, type StrategySpec } from '../../proxy/strategies/index.ts'
import { Findings } from '../check/findings.ts'
import { strategy as kind } from '../check/strategy.ts'
import type { Ours } from './contender.ts'

type Given = Readonly<Record<string, unknown>>

/**
 * One of our strategies as somebody named it, with its options as they were given: times may have units. Or a line for each thing that is
 * wrong with them. Undefined: there is no such strategy.
 */
export function oursOf(
  name: string,
  options: Given,
): Ours | { readonly faults: readonly string[] } | undefined {
  const entry = findStrategy(name)
  if (entry === undefined) return undefined
  const label = labelOf(entry.name, options)
  const plain = Object.keys(options).length === 0
  const findings = new Findings()
  const given = plain ? entry.name : { name: entry.name, ...options }
  const spec = kind.read(given, [], findings) as StrategySpec
  if (findings.count === 0) return { label, spec }
  return {
    faults: findings.problems.map(({ path, text }) => `${writePath(path, entry.name)} ${text}`),
  }
}

/** As tables call it: `power_of_two{choices: 3}`. */
export function labelOf(name: string, options: Given): string {
  const words = Object.entries(options).map(([key, value]) => `${key}: ${shown(value)}`)
  return words.length === 0 ? name : `${name}{${words.join(', ')}}`
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
