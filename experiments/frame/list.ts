import antagonists from '../antagonists/experiment.ts'
import blackHole from '../black-hole/experiment.ts'
import coldNewcomer from '../cold-newcomer/experiment.ts'
import firstPickStarvation from '../first-pick-starvation/experiment.ts'
import flappingAndPanic from '../flapping-and-panic/experiment.ts'
import garbagePause from '../garbage-pause/experiment.ts'
import heavyTail from '../heavy-tail/experiment.ts'
import hedging from '../hedging/experiment.ts'
import hotKey from '../hot-key/experiment.ts'
import leastTimeStarvation from '../least-time-starvation/experiment.ts'
import manyBalancers from '../many-balancers/experiment.ts'
import neighbourTakesAll from '../neighbour-takes-all/experiment.ts'
import retryStorm from '../retry-storm/experiment.ts'
import slowStart from '../slow-start/experiment.ts'
import staleHerd from '../stale-herd/experiment.ts'
import stickyConnections from '../sticky-connections/experiment.ts'
import synchronisedCursors from '../synchronised-cursors/experiment.ts'
import topologyChange from '../topology-change/experiment.ts'
import twoChoices from '../two-choices/experiment.ts'
import unequalSpeeds from '../unequal-speeds/experiment.ts'
import weightedChoiceBias from '../weighted-choice-bias/experiment.ts'
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
      'slow-start': slowStart,
      'weighted-choice-bias': weightedChoiceBias,
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
      'flapping-and-panic': flappingAndPanic,
      antagonists,
    },
  },
  {
    title: 'When keys decide',
    experiments: {
      'hot-key': hotKey,
      'topology-change': topologyChange,
      'sticky-connections': stickyConnections,
    },
  },
  {
    title: 'When there is too much',
    experiments: {
      'heavy-tail': heavyTail,
      hedging,
      'retry-storm': retryStorm,
    },
  },
]

export const EXPERIMENTS: Readonly<Record<string, Experiment>> = Object.assign(
  {},
  ...CHAPTERS.map(({ experiments }) => experiments),
) as Record<string, Experiment>
