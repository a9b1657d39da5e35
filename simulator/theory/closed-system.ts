import { notNegative, positive, whole } from '../statistics/preconditions.ts'
import { birthDeath } from './birth-death.ts'

export interface ClosedSystem {
  /** Requests a mean service. */
  readonly throughput: number
  /** What one takes on average, waiting and service. */
  readonly time: number
  /** The share of the time that a worker is busy. */
  readonly utilization: number
}

/**
 * M/M/c//N, the machine repair model: `users` who each think (exponential, mean `think` in mean services), ask, and wait for the answer
 * before they think again; one queue in front of `workers`. Exact: N - k think while k are in hand, so the steady state is that of a
 * birth-and-death chain. Scherr, "An analysis of time-shared computer systems", 1967. Any distribution of thinking gives the same.
 *
 * N = X (R + Z) always holds: the slower the answers, the fewer the questions. That is how closed generators hide overload.
 */
export function closedSystem(users: number, workers: number, think: number): ClosedSystem {
  whole(users, 'users')
  whole(workers, 'workers')
  notNegative(think, 'think')
  if (think === 0) {
    const throughput = Math.min(users, workers)
    return { throughput, time: users / throughput, utilization: throughput / workers }
  }
  const births = new Float64Array(users).map((_, k) => (users - k) / think)
  const deaths = births.map((_, k) => Math.min(k + 1, workers))
  const states = birthDeath(births, deaths)
  let throughput = 0
  let inHand = 0
  for (let k = 1; k <= users; k++) {
    throughput += deaths[k - 1] * states[k]
    inHand += k * states[k]
  }
  return { throughput, time: inHand / throughput, utilization: throughput / workers }
}

/** No closed system does more: min(c, N / (Z + 1)) requests a mean service. Denning, Buzen, "The operational analysis of queueing
 * network models", ACM Computing Surveys 10(3), 1978. */
export function closedBound(users: number, workers: number, think: number): number {
  return Math.min(
    positive(workers, 'workers'),
    positive(users, 'users') / (notNegative(think, 'think') + 1),
  )
}
