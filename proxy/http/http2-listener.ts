import type { ServerOptions } from 'node:http2'
import type { Socket } from 'node:net'
import type { Clock } from '../core/clock.ts'
import {
  Http2Connection,
  type Http2ConnectionOwner,
  type Http2Timeouts,
} from './http2-connection.ts'
import type { Http2Downstream } from './http2-downstream.ts'
import type { ListenerOwner } from './listener.ts'
import type { HeadLimits, Rejection } from './request-head.ts'
import type { Peer, Speaker } from './speaker.ts'

export interface Http2Options {
  readonly limits: HeadLimits & {
    /** Requests at a time on one connection. */
    readonly streams: number
  }
  readonly timeouts: Http2Timeouts
}

/** HTTP/2 by node:http2, on connections that somebody else accepted. What nghttp2 lets through is judged by `readRequestHead`. */
export class Http2Listener implements Speaker, Http2ConnectionOwner {
  timeouts: Http2Timeouts
  private readonly clock: Clock
  private readonly owner: ListenerOwner
  private options: ServerOptions
  private readonly connections = new Set<Http2Connection>()
  private draining = false

  constructor({ limits, timeouts }: Http2Options, clock: Clock, owner: ListenerOwner) {
    this.timeouts = timeouts
    this.clock = clock
    this.owner = owner
    this.options = optionsFor(limits)
  }

  get now(): number {
    return this.clock.now
  }

  accept(socket: Socket, peer: Peer): void {
    const connection = new Http2Connection(socket, peer, this.options, this)
    this.connections.add(connection)
    if (this.draining) connection.drain()
  }

  drain(): void {
    this.draining = true
    for (const connection of this.connections) connection.drain()
  }

  closeIdle(): void {
    for (const connection of this.connections) if (connection.idle) connection.close()
  }

  kill(): void {
    for (const connection of this.connections) connection.kill()
  }

  follow({ limits, timeouts }: Http2Options): void {
    this.timeouts = timeouts
    this.options = optionsFor(limits)
  }

  tick(): void {
    const { now } = this
    for (const connection of this.connections) connection.tick(now)
  }

  close(): void {}

  onRequest(request: Http2Downstream): void {
    this.owner.onRequest(request)
  }

  onRejected(rejection: Rejection, address: string): void {
    this.owner.onRejected(rejection, address)
  }

  onClosed(connection: Http2Connection): void {
    this.connections.delete(connection)
  }
}

function optionsFor(limits: Http2Options['limits']): ServerOptions {
  return {
    settings: {
      maxConcurrentStreams: limits.streams,
      // A bit more than may pass, each field counted with 32 bytes more (RFC 9113, section 6.5.2): what is only a bit too large is
      // refused with an answer. What is larger is not even kept: nghttp2 resets its stream.
      maxHeaderListSize: limits.headSize + limits.target + 32 * (limits.fields + PSEUDO_FIELDS),
      enablePush: false,
    },
    maxHeaderListPairs: 2 * limits.fields + PSEUDO_FIELDS,
    // What nghttp2 would drop without a word is let through, and refused.
    strictFieldWhitespaceValidation: false,
    // A backend may repeat fields that node:http2 thinks it should not; they are not ours to judge.
    strictSingleValueFields: false,
  }
}

const PSEUDO_FIELDS = 4
