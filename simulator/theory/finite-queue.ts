import { notNegative, whole } from '../statistics/preconditions.ts'
import { birthDeath } from './birth-death.ts'

export interface FiniteQueue {
  /** The share that is turned away. */
  readonly blocked: number
  /** What those take that are let in, on average, waiting and service. */
  readonly time: number
  /** How many are in hand on average. */
  readonly inHand: number
  /** Served a mean service. */
  readonly throughput: number
}

/**
 * M/M/c/K: `workers`, and room for `room` in all, waiting or in service; who comes when it is full is turned away. `offered` is
 * arrivals a mean service. It has a steady state under any load. Kleinrock, "Queueing Systems", volume 1, 1975, 3.6.
 *
 * M/M/1/K is `workers` = 1: (1 - rho) rho^K / (1 - rho^(K + 1)) are turned away. `room` = `workers` is Erlang's loss system.
 */
export function finiteQueue(offered: number, workers: number, room: number): FiniteQueue {
  notNegative(offered, 'offered')
  whole(workers, 'workers')
  whole(room, 'room', workers)
  const births = new Float64Array(room).fill(offered)
  const deaths = births.map((_, k) => Math.min(k + 1, workers))
  const states = birthDeath(births, deaths)
  let inHand = 0
  let throughput = 0
  for (let k = 1; k <= room; k++) {
    inHand += k * states[k]
    throughput += deaths[k - 1] * states[k]
  }
  const time = offered === 0 ? 1 : inHand / throughput
  return { blocked: states[room], time, inHand, throughput }
}
