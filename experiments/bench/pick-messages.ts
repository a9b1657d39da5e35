import type { Balance, Moves } from './pick-quality.ts'
import type { Timing } from './pick-speed.ts'

/** What one process finds out about one strategy among so many servers. */
export interface Speed {
  pick: Timing
  /** Through the balancer, from acquire to release. */
  request: Timing
}

/** What does not depend on how fast the machine is at the moment, but for `make` and `update`. */
export interface Standing {
  /** Bytes allocated each. */
  pickBytes: number
  requestBytes: number
  /** Milliseconds to take in that a server has left or come. */
  update: number
  /** Milliseconds for the first one of a new strategy, which makes its tables. */
  make: number
  balance: Balance
  /** For strategies that look at the key. */
  moves?: Moves
}

/** Arguments of pick-child.ts, in order. */
export type Errand = readonly [
  what: 'speed' | 'standing',
  name: string,
  count: number,
  seconds: number,
]
