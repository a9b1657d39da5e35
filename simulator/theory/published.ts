/** What others have published and no formula gives: references for a simulation. */

export interface PublishedPool {
  readonly rho: number
  readonly choices: number
  readonly replacement: boolean
  readonly servers: number
  /** Requests in hand a server, on average. */
  readonly inHand: number
}

/**
 * The supermarket model with few servers, exponential work, the same server possibly drawn twice. Gast, Bortolussi, Tribastone, "Size
 * expansions of mean field approximation: transient and steady-state analysis", Performance Evaluation, 2018.
 */
export const SUPERMARKET: readonly PublishedPool[] = [
  { rho: 0.7, choices: 2, replacement: true, servers: 10, inHand: 1.2193 },
  { rho: 0.7, choices: 2, replacement: true, servers: 100, inHand: 1.1387 },
  { rho: 0.9, choices: 2, replacement: true, servers: 10, inHand: 2.8003 },
  { rho: 0.9, choices: 2, replacement: true, servers: 100, inHand: 2.3931 },
]
