import type { Duplex } from 'node:stream'
import type { Endpoint } from '../core/endpoint.ts'
import type { Outcome } from '../core/recorder.ts'
import type { TunnelFigures } from './tunnel-counts.ts'

/** Who is told that a tunnel has ended: the exchange that it belongs to. */
export interface TunnelOwner {
  /** Time has passed since the last event: look at the clock. */
  touch(): number
  onTunnelEnd(word: string, outcome: Outcome): void
}

export interface TunnelTimeouts {
  /** Without a byte in either direction, in milliseconds. */
  readonly tunnelIdle: number
  /** From when its server is to get no more requests, in milliseconds. */
  readonly tunnelDrain: number
}

/**
 * How long the other side may take to end when one has, or to take the last bytes, in milliseconds. Else peers that do not end would
 * stay for `tunnelIdle`: HAProxy's manual gives as much to `timeout client-fin` in its example for WebSocket.
 */
const HALF_CLOSED = 30_000

/**
 * A client's and a server's connection, joined after 101. What comes from one goes to the other, no faster than that one takes it, and so
 * does the end of it. The proxy does not look inside: where it ends a tunnel itself it closes both connections without
 * a close frame, since it cannot know whether a frame may begin there (HAProxy, nginx and Envoy do the same).
 *
 * It has gone well when both sides have ended, whoever began. A side that breaks off is told from one that ends; but a process that
 * dies ends its connections in order as well, so far as can be seen from here.
 */
export class Tunnel {
  readonly openedAt: number
  /** From the client. */
  bytesIn = 0
  /** From the server. */
  bytesOut = 0
  private readonly client: Duplex
  private readonly server: Duplex
  private readonly owner: TunnelOwner
  private movedAt: number
  /** One side has ended. */
  private half = false
  /** Since when the server is to get no more requests; Infinity: it gets some. */
  private leavingSince = Infinity
  private word = 'ok'
  private outcome: Outcome = 'ok'
  /** One connection is gone, and the other has to follow: how it does says nothing. */
  private closing = false
  private over = false

  /** `figures`: of all tunnels to that server. */
  constructor(client: Duplex, server: Duplex, figures: TunnelFigures, owner: TunnelOwner) {
    this.client = client
    this.server = server
    this.owner = owner
    this.openedAt = this.movedAt = owner.touch()
    server.allowHalfOpen = true // As the client's is: the end of one direction is not the end of the other.
    client.on('data', (chunk: Buffer) => {
      this.bytesIn += chunk.length
      figures.bytesIn += chunk.length
      this.pass(chunk, client, server)
    })
    server.on('data', (chunk: Buffer) => {
      this.bytesOut += chunk.length
      figures.bytesOut += chunk.length
      this.pass(chunk, server, client)
    })
    this.join(client, server, 'client_left', 'aborted')
    this.join(server, client, 'upstream_reset', 'error')
    client.resume()
    server.resume()
  }

  /** What is late is ended. Called ten times a second. */
  check(now: number, { admin, removed }: Endpoint, timeouts: TunnelTimeouts): void {
    const { tunnelDrain, tunnelIdle } = timeouts
    const patience = this.half ? Math.min(HALF_CLOSED, tunnelIdle) : tunnelIdle
    if (now - this.movedAt > patience) {
      this.cut('tunnel_idle')
      return
    }
    if (admin === 'ready' && !removed) this.leavingSince = Infinity
    else this.leavingSince = Math.min(this.leavingSince, now)
    if (now - this.leavingSince >= tunnelDrain) this.cut('tunnel_drained')
  }

  /** The proxy ends it. That is nobody's fault. */
  cut(word: string): void {
    if (this.over) return
    const { client, server } = this
    if (!client.destroyed && !server.destroyed) this.settle(word, 'aborted')
    client.destroy()
    server.destroy()
    this.end()
  }

  private pass(chunk: Buffer, from: Duplex, to: Duplex): void {
    this.movedAt = this.owner.touch()
    if (!to.write(chunk)) from.pause()
  }

  /** What becomes of one side when the other moves or ends. `word`, `outcome`: if this one breaks off. */
  private join(side: Duplex, other: Duplex, word: string, outcome: Outcome): void {
    side.on('drain', () => {
      this.movedAt = this.owner.touch()
      other.resume()
    })
    side.on('end', () => {
      this.halve()
      other.end()
    })
    const broken = (): void => {
      if (!this.closing && !side.readableEnded) this.settle(word, outcome)
    }
    side.on('error', broken)
    side.on('close', () => {
      broken()
      this.closing = true
      this.halve()
      if (other.closed) this.end()
      else closeSoon(other)
    })
  }

  private halve(): void {
    this.half = true
    this.movedAt = this.owner.touch()
  }

  /** The first reason is the true one: the rest follows from it. */
  private settle(word: string, outcome: Outcome): void {
    if (this.word !== 'ok') return
    this.word = word
    this.outcome = outcome
  }

  private end(): void {
    if (this.over) return
    this.over = true
    this.owner.onTunnelEnd(this.word, this.outcome)
  }
}

/** Lets it have what is on the way to it first. */
function closeSoon(side: Duplex): void {
  side.end()
  if (side.writableFinished) side.destroy()
  else side.once('finish', () => side.destroy())
}
