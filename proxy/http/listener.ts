import type { ListenSettings } from '../listen-settings.ts'
import type { Downstream } from './downstream.ts'
import type { HeadLimits, Rejection } from './request-head.ts'

export interface ListenerOptions {
  /** `streams`: requests at a time on one connection of HTTP/2. */
  limits: HeadLimits & { readonly streams: number }
  /** Milliseconds. */
  timeouts: { clientHeader: number; clientIdle: number; idleBody: number }
  /** The protocols that a request may ask to change to, in lower case. */
  upgrades: readonly string[]
}

/** What a listener hands over. */
export interface ListenerOwner {
  /** A whole head has come in; it may still be refused. */
  onRequest(request: Downstream): void
  /** Something came in that is no request, and the listener has answered it itself. */
  onRejected(rejection: Rejection, address: string): void
}

/** Accepts clients, wherever they come in. */
export interface Listener {
  /**
   * Gives the places with the ports that the system chose where any would do. Rejects with the operating system's error, for
   * example EADDRINUSE, and the index of its `place`. `together`: other threads listen on the same ports.
   */
  listen(places: readonly ListenSettings[], together?: boolean): Promise<ListenSettings[]>
  /**
   * Accepts no more; every answer from now on ends its connection. Resolves when the last connection is gone, which the
   * owner may hasten with `closeIdle` and `kill`.
   */
  drain(): Promise<void>
  /** Closes the connections that wait for a request. */
  closeIdle(): void
  /** Closes every connection at once. */
  kill(): void
  /** Other limits and times, for connections that come and requests that begin. */
  follow(options: ListenerOptions & { trustedProxies: string[] }): void
  /** Ten times a second: connections whose time is over are closed. */
  tick(): void
}
