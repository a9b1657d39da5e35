import type { Scenario } from '../../simulator/scenario.ts'
import { runLength, warmUpLength } from '../../simulator/theory/run-length.ts'
import type { Run } from './run.ts'

/** One figure, by theory and from a run. */
interface Check {
  readonly what: string
  readonly theory: number
  /** How far the theory itself may be off: a limit that is not reached, a published figure that was measured. Default 0. */
  readonly allowance?: number
  of(run: Run): number
}

/** A scenario whose outcome somebody has worked out. */
export interface Case {
  readonly group: string
  readonly name: string
  readonly scenario: Pick<Scenario, 'arrivals' | 'servers' | 'strategy' | 'work'> &
    Partial<Scenario>
  /** To be simulated in all, over all replications, in mean services. */
  readonly length: number
  /** To be left out at the beginning of each replication. */
  readonly warmup: number
  /** Among those that every test run repeats. */
  readonly quick?: boolean
  readonly checks: readonly Check[]
}

/** Half-width of a mean, at the confidence of 95 %, that the run lengths are planned for. */
const PRECISION = 0.02

/**
 * How long: what one M/M/1 server of that load needs, shared between servers that hardly know of each other, and so many times as long where
 * work varies more than exponentially.
 */
export function length(
  rho: number,
  { servers = 1, factor = 1 } = {},
): Pick<Case, 'length' | 'warmup'> {
  return { length: (factor * runLength(rho, PRECISION)) / servers, warmup: warmUpLength(rho) }
}

/** Arrivals of `rho` times what one server does whose mean work is 1 ms, for `servers` of them. */
export function poisson(rho: number, servers = 1): Scenario['arrivals'] {
  return { type: 'poisson', rate: 1000 * rho * servers }
}

export const EXPONENTIAL = { type: 'exponential', mean: 1 } as const
