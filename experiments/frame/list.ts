import blackHole from '../black-hole/experiment.ts'
import coldNewcomer from '../cold-newcomer/experiment.ts'
import firstPickStarvation from '../first-pick-starvation/experiment.ts'
import garbagePause from '../garbage-pause/experiment.ts'
import leastTimeStarvation from '../least-time-starvation/experiment.ts'
import manyBalancers from '../many-balancers/experiment.ts'
import neighbourTakesAll from '../neighbour-takes-all/experiment.ts'
import staleHerd from '../stale-herd/experiment.ts'
import synchronisedCursors from '../synchronised-cursors/experiment.ts'
import unequalSpeeds from '../unequal-speeds/experiment.ts'
import twoChoices from '../two-choices/experiment.ts'
import type { Experiment } from './experiment.ts'

export interface Chapter {
  readonly title: string
  /** Question by question, by the names of their folders. */
  readonly experiments: Readonly<Record<string, Experiment>>
}

/** All experiments, in the order of the index: one leads to the next. */
export const CHAPTERS: readonly Chapter[] = [
  {
    title: 'What a choice is worth',
    experiments: {
      'two-choices': twoChoices,
      'stale-herd': staleHerd,
      'many-balancers': manyBalancers,
      'synchronised-cursors': synchronisedCursors,
    },
  },
  {
    title: 'When servers differ',
    experiments: {
      'unequal-speeds': unequalSpeeds,
      'cold-newcomer': coldNewcomer,
      'first-pick-starvation': firstPickStarvation,
    },
  },
  {
    title: 'When a server is ill',
    experiments: {
      'garbage-pause': garbagePause,
      'black-hole': blackHole,
      'least-time-starvation': leastTimeStarvation,
      'neighbour-takes-all': neighbourTakesAll,
    },
  },
]

export const EXPERIMENTS: Readonly<Record<string, Experiment>> = Object.assign(
  {},
  ...CHAPTERS.map(({ experiments }) => experiments),
) as Record<string, Experiment>
