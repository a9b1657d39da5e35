import type { Balancer } from '../core/balancer.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { Downstream } from './downstream.ts'

/**
 * What became of a request's session, for people: it stayed (`kept`), began (`new`), had to go to another server (`moved`), or what the
 * client showed is of no use: its server is gone (`lost`), or it was not sealed here, or has expired (`invalid`).
 */
export const SESSION_WORDS = ['kept', 'new', 'moved', 'lost', 'invalid'] as const
export type SessionWord = (typeof SESSION_WORDS)[number]

/** At which server a request's session is, and how its answer keeps it there. */
export class Session {
  /** Undefined where that is not known: then the strategy chooses. */
  readonly server: Endpoint | undefined
  word: SessionWord

  constructor(server: Endpoint | undefined, word: SessionWord) {
    this.server = server
    this.word = word
  }

  /** The request goes to this server. */
  sent(server: Endpoint): void {
    if (this.server !== undefined && server !== this.server) this.word = 'moved'
  }

  /** That server answers: `fields` are those that the client will get. */
  answered(_server: Endpoint, _status: number, _fields: string[]): void {}
}

export interface Stickiness {
  /** `fields`: as they go to the server; what keeps the session is taken out of them. */
  begin(request: Downstream, fields: string[]): Session
}

export interface StickinessContext {
  readonly balancer: Balancer
  /** Unix time, in milliseconds. */
  readonly now: () => number
  readonly trusts: (address: string) => boolean
}
