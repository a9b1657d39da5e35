/** Why a strategy need not obey a law, by the strategy's name and the law's id. A test sees that none of them is idle. */
export const EXCUSES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  round_robin: {
    'empty-slots': 'the turn is the pool’s, not a server’s: it goes on when all servers are new',
  },
  weighted_round_robin: {
    reordering: 'of equals the first in the list has the first turn, as in nginx',
  },
  least_response_time: {
    'empty-slots': 'what is typical of the pool outlives its servers: newcomers are judged by it',
  },
}
