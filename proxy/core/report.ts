/**
 * What a server says of its own load, in the answer to a probe or along with any other answer. A figure that it does not give
 * is NaN. Reports are late: they say how it was when they were sent.
 *
 * The figures and their names are those of the Open Request Cost Aggregation standard (ORCA, of Envoy and gRPC), with
 * the two that Prequal's probes carry.
 */
export interface Report {
  /** Requests that the server has in hand, from all its clients. */
  readonly inflight: number
  /** What it takes for a request at about this number in hand, in milliseconds. */
  readonly latency: number
  /** How much of what it can do is in use: 0 to 1, and above 1 when it is overloaded. */
  readonly utilization: number
  /** Requests a second. */
  readonly rate: number
  /** Failed requests a second. */
  readonly errorRate: number
}

/** A report that says nothing, to make others from. */
export const SILENT: Report = {
  inflight: NaN,
  latency: NaN,
  utilization: NaN,
  rate: NaN,
  errorRate: NaN,
}
