import { stable, whole } from '../statistics/preconditions.ts'

/**
 * The supermarket model: the least busy of `choices` servers drawn at random, in the limit of many servers with one worker each, Poisson
 * arrivals, exponential work; `rho` arrivals a server and mean service. Vvedenskaya, Dobrushin, Karpelevich, "Queueing system with
 * selection of the shortest of two queues", Problems of Information Transmission 32(1), 1996; Mitzenmacher, "The power of two
 * choices in randomized load balancing", IEEE TPDS 12(10), 2001.
 *
 * The share of servers with at least `k` in hand: rho^((d^k - 1) / (d - 1)), and rho^k for one choice.
 */
export function supermarketTail(rho: number, choices: number, k: number): number {
  stable(rho)
  whole(choices, 'choices')
  whole(k, 'k', 0)
  return rho ** (choices === 1 ? k : (choices ** k - 1) / (choices - 1))
}

/** How many are in hand a server on average: the sum of the tails from 1 on. */
export function supermarketInHand(rho: number, choices: number): number {
  stable(rho)
  if (choices === 1) return rho / (1 - rho)
  let sum = 0
  for (let k = 1; ; k++) {
    const tail = supermarketTail(rho, choices, k)
    if (tail <= sum * Number.EPSILON) return sum + tail
    sum += tail
  }
}

/** What a request takes on average: the number in hand over `rho` (Little). */
export function supermarketTime(rho: number, choices: number): number {
  whole(choices, 'choices')
  return rho === 0 ? 1 : supermarketInHand(rho, choices) / rho
}
