import { notNegative, positive, probability, whole } from '../statistics/preconditions.ts'

/** How often a request is tried on average, if each try fails with probability `failing` and there are up to `retries` more: a geometric sum. */
export function attempts(failing: number, retries: number): number {
  probability(failing, 'failing')
  let sum = 0
  for (let i = 0; i <= whole(retries, 'retries', 0); i++) sum += failing ** i
  return sum
}

/** The most that one request can become if each of `layers` retries: (r + 1)^k. Beyer, Jones, Petoff, Murphy, "Site Reliability
 * Engineering", 2016, chapter 22: three layers with three retries each make 64. */
export function layeredAttempts(retries: number, layers: number): number {
  return (whole(retries, 'retries', 0) + 1) ** whole(layers, 'layers', 0)
}

/** A budget that lets a share `budget` of the requests be retried: the load is never more than so many times itself. */
export function budgetedAttempts(failing: number, retries: number, budget: number): number {
  return Math.min(attempts(failing, retries), 1 + notNegative(budget, 'budget'))
}

export interface RetryingClients {
  /** Arrivals a mean service, first tries only. */
  readonly rate: number
  /** After so many mean services a client gives up an attempt. */
  readonly timeout: number
  /** How many more attempts it then makes. */
  readonly retries: number
}

export interface FixedPoint {
  /** Attempts a mean service: what really arrives. From 1 on the queue grows and every attempt times out. */
  readonly load: number
  /** Does the system come back to it after a small push? */
  readonly stable: boolean
}

/**
 * The loads at which a server stays whose clients retry: x = rate (1 + q + … + q^r), with q = e^(-(1 - x) timeout) the chance that an attempt takes
 * longer than the timeout, in an M/M/1 queue first come first served where abandoned work is done all the same; 1 for x >= 1. A fluid
 * picture: retries are taken for Poisson. Bronson, Aghayev, Charapko, Zhu, "Metastable failures in distributed systems", HotOS 2021.
 *
 * Up to three, in order: a good one, the edge from which it tips, and overload. With both the good one and overload a surge can leave the
 * system in the bad one for ever, although the good one is still there.
 */
export function retryLoads(clients: RetryingClients): FixedPoint[] {
  const { rate, retries } = clients
  positive(rate, 'rate')
  positive(clients.timeout, 'timeout')
  whole(retries, 'retries', 0)
  const excess = (x: number): number => rate * amplification(x, clients) - x
  const found: FixedPoint[] = []
  // Convex below 1, and above 0 at 0: it is below 0 between two roots, one root and 1, or nowhere.
  const lowest = leastOf(excess)
  if (excess(lowest) < 0) {
    found.push({ load: root(excess, 0, lowest), stable: true })
    if (excess(1) > 0) found.push({ load: root(excess, 1, lowest), stable: false })
  }
  if (rate * (retries + 1) >= 1) found.push({ load: rate * (retries + 1), stable: true })
  return found
}

export interface BistableRange {
  /** From here on overload sustains itself, once there: 1 / (r + 1). */
  readonly low: number
  /** From here on there is nothing else: the largest x / (1 + q + … + q^r). */
  readonly high: number
}

/** The rates between which the good load and overload both sustain themselves. Below, every surge passes; above, none is needed. */
export function bistableRange(timeout: number, retries: number): BistableRange {
  const clients = { timeout: positive(timeout, 'timeout'), retries: whole(retries, 'retries', 0) }
  const x = leastOf((load) => -load / amplification(load, clients))
  return { low: 1 / (retries + 1), high: x / amplification(x, clients) }
}

function amplification(load: number, clients: Omit<RetryingClients, 'rate'>): number {
  return attempts(Math.exp(-Math.max(0, 1 - load) * clients.timeout), clients.retries)
}

/** Where from 0 to 1 a function with one dip is least: golden section. Kiefer, 1953. */
function leastOf(f: (x: number) => number): number {
  const ratio = (Math.sqrt(5) - 1) / 2
  let low = 0
  let high = 1
  for (let i = 0; i < 80; i++) {
    const left = high - ratio * (high - low)
    const right = low + ratio * (high - low)
    if (f(left) < f(right)) high = right
    else low = left
  }
  const middle = (low + high) / 2
  return f(1) < f(middle) ? 1 : middle
}

/** Where `f` crosses 0, above it at `positive`, below at `negative`. */
function root(f: (x: number) => number, positive: number, negative: number): number {
  for (let i = 0; i < 100; i++) {
    const middle = (positive + negative) / 2
    if (f(middle) > 0) positive = middle
    else negative = middle
  }
  return (positive + negative) / 2
}
