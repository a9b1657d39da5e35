import type { Chart } from '../../dashboard/charts/chart.ts'
import type { StrategySpec } from '../../proxy/core/registry.ts'
import type { StrategyFactory } from '../../proxy/core/strategy.ts'
import type { RunResult } from '../../simulator/result.ts'
import type { RunRecorder } from '../../simulator/run-recorder.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import type { Simulation } from '../../simulator/simulation.ts'
import type { Finding } from './finding.ts'
import type { Results } from './results.ts'

/** One question, and how the simulator answers it. Each folder of experiments with a README that asks one has such a file. */
export interface Experiment {
  /** Ends in a question mark. */
  readonly question: string
  /** One sentence, with figures from the results, so that they are never others than were measured. Markdown. */
  answer(results: Results): string
  /** What all cases have in common: ./scenario.ts. */
  readonly scenario: Scenario
  /** Runs of each case, the n-th of all under the same seed: the same arrivals, the same work. At least five. */
  readonly replications: number
  /** In the order of tables. */
  readonly cases: readonly Case[]
  /** What a run comes to. */
  measure(run: Run): Figures
  /** Looks into each run every so many milliseconds, from the start to the end: a curve for each figure. */
  readonly watch?: {
    readonly every: number
    /** Which of the figures are curves to keep; the others are only for `measure`. Default: all. */
    readonly keep?: readonly string[]
    /** Called before a run; what it gives is called at each look. */
    begin(run: RunUnderWay): () => Figures
  }
  chart(results: Results): Chart
  /** What was expected, and whether it came so. */
  findings(results: Results): readonly Finding[]
}

export interface Case {
  readonly strategy: StrategySpec | OwnStrategy
  /** What else is different from the other cases: `ejection`, `100 ms`. Default: nothing, an empty text. */
  readonly variant?: string
  /** What it changes about the scenario. */
  readonly change?: Partial<Scenario>
  /** What it is called in tables and charts. Default: the strategy's name, and its options. */
  readonly label?: string
}

/** One that is in no registry: a file beside the experiment. */
interface OwnStrategy {
  readonly own: string
  readonly factory: StrategyFactory
}

export interface RunUnderWay {
  readonly simulation: Simulation
  readonly recorder: RunRecorder
}

interface Run extends RunUnderWay {
  readonly result: RunResult
  /** What was seen at each look. */
  readonly looks: readonly Figures[]
}

/** By name; the same names in every run. */
export type Figures = Readonly<Record<string, number>>

/** Each strategy with each variant: all strategies of the first variant come first. */
export function crossed(
  strategies: readonly Pick<Case, 'strategy' | 'label'>[],
  variants: readonly Pick<Case, 'variant' | 'change'>[],
): Case[] {
  return variants.flatMap((variant) => strategies.map((each) => ({ ...each, ...variant })))
}

export function labelOf({ label, strategy }: Case): string {
  if (label !== undefined) return label
  if (typeof strategy === 'string') return strategy
  if ('factory' in strategy) return strategy.own as string
  const { name, ...options } = strategy
  const written = Object.entries(options).map(([option, value]) =>
    value === true ? option : `${option} ${String(value)}`,
  )
  return written.length === 0 ? name : `${name}, ${written.join(', ')}`
}

/** The name that has a colour. */
export function nameOf({ strategy }: Case): string {
  if (typeof strategy === 'string') return strategy
  return 'factory' in strategy ? (strategy.own as string) : strategy.name
}
