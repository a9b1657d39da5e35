import type { EventSpec, Scenario } from '../../simulator/scenario.ts'
import type { Ours } from '../../simulator/study/contender.ts'
import type { Decided } from '../race/explainer.ts'
import type { Difference } from '../race/first-difference.ts'
import type { RaceFrame } from '../race/frame.ts'
import type { Change } from '../race/race.ts'

/** What the page tells the worker of a race. */
export type ToRace =
  | { readonly kind: 'start'; readonly scenario: Scenario; readonly contenders: readonly Ours[] }
  /** On to that virtual time; backwards it begins anew, which gives the same. As far as it gets in `budget` milliseconds of real time. */
  | { readonly kind: 'go'; readonly until: number; readonly budget: number }
  | { readonly kind: 'step' }
  | { readonly kind: 'amend'; readonly change: Change }
  /** Back or on to the first decision that two lanes, by their places, make differently. */
  | { readonly kind: 'differ'; readonly lanes: readonly [number, number] }

/** What the worker tells the page. */
export type FromRace =
  | { readonly kind: 'frame'; readonly frame: RaceFrame }
  /** It happens in the race now: for the link, and for the file that the command line runs. */
  | { readonly kind: 'amended'; readonly event: EventSpec }
  /** What each lane has just decided; undefined for one that has decided nothing. */
  | { readonly kind: 'decided'; readonly lanes: readonly (Decided | undefined)[] }
  /** Undefined: they never do. */
  | { readonly kind: 'differs'; readonly difference: Difference | undefined }
  | { readonly kind: 'fault'; readonly message: string }
