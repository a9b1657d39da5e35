/** What the bench asks of its client, and what comes back. Every question gets one answer. */

/** One port a server, so that a proxy has something to balance. */
export const BACKENDS = 2
/** A small answer: what a cached object or a counter of an API takes. */
export const BODY_LENGTH = 100

export type ClientQuestion =
  | { type: 'connect'; port: number; connections: number }
  /** Until so many seconds have passed or so many requests are sent; answered when nothing is in flight. */
  | { type: 'run'; seconds: number; requests: number }
  | { type: 'close' }

/** Latencies in milliseconds, as `Histogram.toSparse` gives them. */
export interface Run {
  answered: number
  seconds: number
  buckets: number[]
  sum: number
  min: number
  max: number
}
