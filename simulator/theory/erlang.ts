import { between0and1, notNegative, stable, whole } from '../statistics/preconditions.ts'

/** Erlang, "Solution of some problems in the theory of probabilities of significance in automatic telephone exchanges", 1917. */

/**
 * Erlang B: the share that is turned away by `workers` without a queue, of `offered` arrivals a mean service. Any distribution of work
 * with that mean, any load. By the recursion B(c) = a B(c - 1) / (c + a B(c - 1)), which adds positive numbers only.
 */
export function erlangB(workers: number, offered: number): number {
  whole(workers, 'workers', 0)
  notNegative(offered, 'offered')
  let blocked = 1
  for (let c = 1; c <= workers; c++) blocked = (offered * blocked) / (c + offered * blocked)
  return blocked
}

/**
 * Erlang C, M/M/c: the chance to wait, with one queue in front of `workers` that are each busy a share `rho` of the time. B / (1 - rho (1 - B)).
 * Also of any strategy with a shared queue that never lets anybody wait while a worker is free.
 */
export function erlangC(workers: number, rho: number): number {
  whole(workers, 'workers')
  const blocked = erlangB(workers, workers * stable(rho))
  return blocked / (1 - rho * (1 - blocked))
}

/** What a request waits on average in M/M/c: C / (c (1 - rho)) mean services. */
export function mmcWait(workers: number, rho: number): number {
  return erlangC(workers, rho) / (workers * (1 - rho))
}

/** What it takes on average, service included. */
export function mmcTime(workers: number, rho: number): number {
  return 1 + mmcWait(workers, rho)
}

/** The chance to wait longer than `t`, first come first served: C e^(-c (1 - rho) t). */
export function mmcWaitAbove(workers: number, rho: number, t: number): number {
  return erlangC(workers, rho) * Math.exp(-workers * (1 - rho) * notNegative(t, 't'))
}

/** The wait that a share `p` of the requests does not exceed, first come first served. */
export function mmcWaitQuantile(workers: number, rho: number, p: number): number {
  between0and1(p, 'p')
  const chance = erlangC(workers, rho)
  return p <= 1 - chance ? 0 : Math.log(chance / (1 - p)) / (workers * (1 - rho))
}

/**
 * The share of all requests that each server carries under `first`: servers in order, each with `slots` and no queue, who finds one full
 * goes on to the next. What the first j turn away together is Erlang B of j slots, so server j carries B((j - 1) s, a) - B(j s, a). The
 * last number is the share that is turned away by all. Exact; each server's part for exponential work, the total for any.
 */
export function firstShares(servers: number, slots: number, offered: number): Float64Array {
  whole(servers, 'servers')
  whole(slots, 'slots')
  const shares = new Float64Array(servers + 1)
  let passed = 1
  for (let server = 0; server < servers; server++) {
    const next = erlangB((server + 1) * slots, offered)
    shares[server] = passed - next
    passed = next
  }
  shares[servers] = passed
  return shares
}
