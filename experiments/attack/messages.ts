/** What is asked of the attacker, and what comes back. */

export interface Order {
  /** Its place in the list. */
  readonly attack: number
  readonly port: number
  readonly seconds: number
  /** Of its connections. */
  readonly share: number
}

export interface Got {
  /** How many connections came to what. */
  readonly words: Readonly<Record<string, number>>
  /** Of those that were ended, the median of how long they lived, in seconds. */
  readonly endedAfter: number | null
}
