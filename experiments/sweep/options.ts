import { InvalidArgumentError } from 'commander'
import { didYouMean } from '../../proxy/core/did-you-mean.ts'
import type { Against, Format, Judge } from './formats.ts'
import { JUDGES } from './formats.ts'
import type { Shard } from './shard.ts'
import type { Axis } from './vary.ts'

export { readFormat, readReps, readSeconds, readStrategies, readWarmup } from '../sim/options.ts'
export { readWhole } from '../live/options.ts'
export { readSeeds } from './seeds.ts'
export { readShard } from './shard.ts'

/** How results are told. */
export interface ReportFlags {
  readonly format: Format
  readonly metric: Judge
  readonly against: Against
  readonly out?: string
}

/** What `evenkeel sweep` was asked for. */
export interface SweepFlags extends ReportFlags {
  readonly strategy?: readonly string[]
  readonly vary?: readonly Axis[]
  readonly seeds?: readonly number[]
  readonly reps?: number
  readonly warmup?: 'auto' | number
  /** Milliseconds of virtual time. */
  readonly duration?: number
  readonly threads?: number
  readonly shard?: Shard
  /** A URL, or true for the one of the environment. */
  readonly redis?: string | true
  readonly keep?: true
  readonly cancel?: true
}

/** What `evenkeel sweep worker` was asked for. */
export interface WorkerFlags {
  readonly redis: string | true
  readonly concurrency?: number
  readonly strategies?: string
  /** Milliseconds. */
  readonly lostAfter?: number
}

export const DEFAULT_REPS = 10

export function readMetric(text: string): Judge {
  const found = JUDGES.find((each) => each === text || (each === 'p999' && text === 'p99.9'))
  if (found !== undefined) return found
  const meant = didYouMean(text, JUDGES)
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
  throw new InvalidArgumentError(`There are: ${JUDGES.join(', ')}.${hint}`)
}
