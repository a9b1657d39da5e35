import type { Path } from '../../../proxy/core/problems.ts'
import type { Contender, Ours } from '../../../simulator/study/contender.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import type { Figure } from '../../thresholds/figures.ts'
import type { Threshold } from '../../thresholds/threshold.ts'
import type { Target } from '../verdicts.ts'

/** What a gate file asks, read and checked. */
export interface Gate {
  /** As the user named it. */
  readonly file: string
  readonly laws: readonly Target[]
  readonly entries: readonly Entry[]
  readonly twins: readonly TwinEntry[]
  /** How likely it is that what is well fails, all thresholds together. */
  readonly falseAlarm: number
  /** Strategies must not be worse than a baseline in these. */
  readonly compared: readonly Figure[]
  /** So much worse than the baseline is well enough, as a share of it. */
  readonly slack: number
}

/** One scenario, its strategies, and what is asked of each of them. */
export interface Entry {
  readonly name: string
  readonly scenario: Scenario
  readonly warnings: readonly string[]
  readonly contenders: readonly Contender[]
  readonly thresholds: readonly Threshold[]
  readonly shares: SharesGate | undefined
  readonly reps: number
  readonly warmup: 'auto' | number
}

/** One scenario to be run in both worlds, and how near they must be. */
export interface TwinEntry {
  readonly name: string
  readonly scenario: Scenario
  readonly contenders: readonly Ours[]
  readonly thresholds: readonly Threshold[]
  readonly runs: number
}

/** How far off its due share no server may be, and what each contender promises. */
export interface SharesGate {
  readonly off: number
  readonly promises: readonly Promised[]
}

/** What a strategy promises of shares, as far as a gate can hold it to that. */
export interface Promised {
  /** What each server is due, in order. */
  readonly weights: readonly number[]
  /** How many requests off its due a server may be in any stretch of them, exactly; undefined for one that draws. */
  readonly bound: number | undefined
}

/** Tells a problem with its place: `scenarios[0].reps must be at least 2, got 1 (gate.yaml:7:9)`. */
export type Tell = (path: Path, text: string, column?: number) => string
