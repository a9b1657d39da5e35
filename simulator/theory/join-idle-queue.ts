import { positive, stable, whole } from '../statistics/preconditions.ts'

/**
 * Join idle queue in the limit of many servers and dispatchers, `ratio` servers a dispatcher, exponential work. Lu, Xie, Kliot, Geller,
 * Larus, Greenberg, "Join-Idle-Queue: a novel load balancing algorithm for dynamically scalable web services", Performance
 * Evaluation 68(11), 2011, section 4.
 *
 * The share of dispatchers that know an idle server. Idle ones are ratio (1 - rho) a dispatcher; a list is a queue of its own, M/M/1 if a
 * server joins one of them at random, the supermarket model if it joins the shortest of `lists`: sum over i of p^((d^i - 1) / (d - 1)) =
 * ratio (1 - rho); for one list p / (1 - p).
 */
export function jiqOccupied(rho: number, ratio: number, lists = 1): number {
  const idle = positive(ratio, 'ratio') * (1 - stable(rho))
  if (whole(lists, 'lists') === 1) return idle / (1 + idle)
  let low = 0
  let high = 1
  for (let i = 0; i < 60; i++) {
    const p = (low + high) / 2
    let sum = 0
    for (let k = 1, term = p; term > 1e-18 && sum <= idle; k++) {
      sum += term
      term = p ** ((lists ** (k + 1) - 1) / (lists - 1))
    }
    if (sum > idle) high = p
    else low = p
  }
  return (low + high) / 2
}

/**
 * What a request takes on average: only those that no idle server is known for, a share 1 - p, go to a random one, which so has the load
 * rho (1 - p) of an M/M/1 beside its idle work: T = 1 / (1 - rho (1 - p)). One dispatcher for all is `ratio` = `Infinity`: 1.
 */
export function jiqTime(rho: number, ratio: number, lists = 1): number {
  stable(rho)
  if (ratio === Infinity) return 1
  return 1 / (1 - rho * (1 - jiqOccupied(rho, ratio, lists)))
}
