import type { Scenario } from '../../../simulator/scenario.ts'

/** Where the Lab shows this scenario; undefined while the Lab cannot be given one. */
export function labLink(_scenario: Scenario): string | undefined {
  return undefined
}
