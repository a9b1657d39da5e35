import blackHole from '../black-hole/experiment.ts'
import type { Experiment } from './experiment.ts'

export interface Chapter {
  readonly title: string
  /** Question by question, by the names of their folders. */
  readonly experiments: Readonly<Record<string, Experiment>>
}

/** All experiments, in the order of the index: one leads to the next. */
export const CHAPTERS: readonly Chapter[] = [
  {
    title: 'When a server is ill',
    experiments: {
      'black-hole': blackHole,
    },
  },
]

export const EXPERIMENTS: Readonly<Record<string, Experiment>> = Object.assign(
  {},
  ...CHAPTERS.map(({ experiments }) => experiments),
) as Record<string, Experiment>
