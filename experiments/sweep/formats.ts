import type { MetricKey } from '../../simulator/study/metrics.ts'

/** Cheap to import: `--help` needs them. */
export { FORMATS, type Format } from '../sim/formats.ts'

/** What strategies can be judged by: of the other figures, neither more nor less is better. */
export const JUDGES = [
  'mean',
  'p50',
  'p95',
  'p99',
  'p999',
  'errors',
  'goodput',
  'retries',
] as const satisfies readonly MetricKey[]

export type Judge = (typeof JUDGES)[number]

/** Whom verdicts are against. */
export const AGAINST = ['first', 'best'] as const

export type Against = (typeof AGAINST)[number]
