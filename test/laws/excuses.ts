import type { Claim } from '../../proxy/core/claims.ts'
import type { Subject } from './law.ts'

/** Why a strategy need not obey a law, by the strategy's name and the law's id. A test sees that none of them is idle. */
export const EXCUSES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  round_robin: {
    'empty-slots': 'the turn is the pool’s, not a server’s: it goes on when all servers are new',
  },
  weighted_round_robin: {
    reordering: 'of equals the first in the list has the first turn, as in nginx',
  },
  static_stride: {
    reordering: 'it is one counter and the places in the list, as in gRPC',
    'empty-slots': 'the counter is the pool’s, not a server’s: it goes on when all servers are new',
  },
  least_response_time: {
    'empty-slots': 'what is typical of the pool outlives its servers: newcomers are judged by it',
  },
  peak_ewma: {
    'empty-slots': 'what is typical of the pool outlives its servers: newcomers are judged by it',
  },
  prequal: {
    'empty-slots':
      'what it counts as busy, and how often it asks, is the pool’s and outlives its servers',
  },
  join_idle_queue: {
    'empty-slots': 'the queue goes on where it was when all servers are new',
  },
  reported_load: {
    reordering: 'of equals the first in the list has the first turn, as in weighted_round_robin',
    'empty-slots': 'when weights are worked out next is the pool’s: newcomers wait for that too',
  },
  first: {
    reordering: 'the order of the list is what it goes by',
    starvation: 'it leaves servers idle on purpose, so that they can be switched off',
    flapping: 'it leaves servers idle on purpose, so that they can be switched off',
    recovery: 'one that is well again waits until those before it are full, like any other',
  },
  ring_hash: {
    scaling: 'a server’s points depend on its weight alone, or keys would move between others',
  },
  bounded_load: {
    scaling: 'its ring’s points depend on each server’s weight alone, as in ring_hash',
  },
}

/** Why nobody who makes a claim need obey a law: to do so would be to break the claim. */
const BY_CLAIM: Partial<Record<Claim, Readonly<Record<string, string>>>> = {
  turn: {
    'empty-slots': 'the turn is the pool’s, not a server’s: it goes on when all servers are new',
  },
  stride: {
    'empty-slots': 'the counter is the pool’s, not a server’s: it goes on when all servers are new',
  },
}

/** All that a strategy is excused from, by what it says and by what it claims. */
export function excusesOf({ claims, excuses }: Subject): Subject['excuses'] {
  return Object.assign({}, ...claims.map((claim) => BY_CLAIM[claim]), excuses) as Subject['excuses']
}
