/** A request and the moment it is due, in milliseconds since the traffic began. */
export interface DueRequest {
  readonly time: number
  readonly method: string
  /** The request target, byte for byte (latin1). */
  readonly path: string
  /** Who asks: the affinity key. Empty when nobody knows. */
  readonly client: string
  /** Further fields, name and value in turn: what a fake is to make of it, for example. */
  readonly fields?: readonly string[] | undefined
  readonly body?: string | undefined
  /** What it is booked under, beside its server. */
  readonly page?: string | undefined
  /** Gets the whole answer; its body is kept for that alone. Never called for a request without one. */
  readonly onAnswer?: ((answer: Answer, tally: CheckTally) => void) | undefined
}

/** A whole answer, whatever its status. */
export interface Answer {
  readonly status: number
  /** Names in small letters. */
  readonly fields: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
  /** From when the request was due, in milliseconds. */
  readonly response: number
}

/** Where checks of answers are counted. */
export interface CheckTally {
  check(name: string, passed: boolean): void
}

/**
 * Where requests come from, in order of time. An open model: what is due depends on the source alone, never on how quickly
 * earlier requests were answered (Schroeder, Wierman and Harchol-Balter, "Open Versus Closed: A Cautionary Tale", NSDI 2006).
 */
export interface Source {
  /** The next request; undefined after the last one. */
  next(): DueRequest | undefined
}
