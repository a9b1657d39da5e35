import type { StrategySpec } from '../../proxy/strategies/index.ts'

/** A strategy that takes part: one of ours, a file of the user's, or one that an experiment brings along. */
export type Contender = Ours | Theirs | OfExperiment

export interface Ours {
  /** As tables call it. */
  readonly label: string
  readonly spec: StrategySpec
}

export interface Theirs {
  readonly label: string
  /** An absolute path. */
  readonly file: string
  readonly options: Readonly<Record<string, unknown>>
  /** SHA-256 of the file, in hex: whoever repeats the run sees whether it is the same. */
  readonly sha256: string
}

/** A strategy of an experiment that is in no registry: each thread finds it there by its place. */
export interface OfExperiment {
  readonly label: string
  /** The experiment.ts, as an absolute path. */
  readonly experiment: string
  /** The experiment's name: the path before it is another on each machine. */
  readonly from: string
  readonly place: number
  readonly sha256: string
}
