import type { Endpoint } from './endpoint.ts'

/**
 * How an attempt or a request ended.
 * - `ok`: an answer below 500 arrived whole. - `error`: a 5xx, or the connection broke after something was sent.
 * - `timeout`: too slow. - `refused`: nothing was sent, no connection came about. - `aborted`: the client left; never the
 * server's fault.
 */
export type Outcome = 'ok' | 'error' | 'timeout' | 'refused' | 'aborted'

/** In the order in which counters are kept and shown. */
export const OUTCOMES: readonly Outcome[] = ['ok', 'error', 'timeout', 'refused', 'aborted']

/** Writes down what happened; the proxy and the simulator write the same one. Latencies are milliseconds. */
export interface Recorder {
  /** One try at one server ended. */
  attempt(server: Endpoint, latency: number, outcome: Outcome): void
  /** What a client asked for ended, after one attempt or several (0: it never got a server). */
  request(latency: number, attempts: number, outcome: Outcome): void
  /** Time has passed: called every 100 ms of the owner's time. */
  tick(servers: readonly Endpoint[]): void
}
