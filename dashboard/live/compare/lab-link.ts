import type { StrategySpec } from '../../../proxy/core/registry.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import { writeLink } from '../../lab/setup/link.ts'

/** Where the Lab shows this scenario, with this strategy in its lane. */
export async function labLink(
  scenario: Scenario,
  spec: StrategySpec,
  reps: number,
): Promise<string> {
  return `./lab.html${await writeLink({ scenario, strategies: [textOf(spec)], reps })}`
}

/** As people write a strategy: a name with a mapping, of which JSON is a form. */
export function textOf(spec: StrategySpec): string {
  if (typeof spec === 'string') return spec
  const { name, ...options } = spec
  return Object.keys(options).length === 0 ? name : `${name}${JSON.stringify(options)}`
}
