import type { Scenario } from '../../../simulator/scenario.ts'

/** Something to begin with. */
export interface Preset {
  readonly title: string
  /** What there is to be seen, in a sentence. */
  readonly watch: string
  readonly scenario: Scenario
  readonly strategies: readonly string[]
}
