import type { Duplex } from 'node:stream'
import type { Endpoint } from '../core/endpoint.ts'
import type { Outcome } from '../core/recorder.ts'
import type { ErrorWord } from './error-answer.ts'
import type { RequestBody } from './request-body.ts'
import type { ForwardedResponse } from './response-fields.ts'
import type { RequestTrace } from './tracing.ts'

/** Who is told what a request's tries come to: the exchange that it belongs to. */
export interface TriesOwner {
  readonly arrivedAt: number
  readonly method: string
  readonly body: RequestBody | undefined
  /** Undefined where nobody traces. */
  readonly trace: RequestTrace | undefined
  /** The client has been given a head. */
  readonly answered: boolean
  onInterim(status: number, fields: readonly string[]): void
  /** Throws for fields that are no HTTP. */
  onHead(status: number, reason: string, forwarded: ForwardedResponse): void
  /** A server has changed the protocol. Throws for fields that are no HTTP. */
  onUpgrade(fields: readonly string[], server: Endpoint, socket: Duplex): void
  /** False: no more until `Tries.resume`. */
  onData(chunk: Buffer): boolean
  onEnd(outcome: Outcome, trailers: readonly string[]): void
  /** They came to nothing. */
  onFailure(status: number, word: ErrorWord, outcome: Outcome): void
}
