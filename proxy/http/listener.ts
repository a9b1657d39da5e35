import type { Downstream } from './downstream.ts'
import type { HeadLimits, Rejection } from './request-head.ts'

export interface ListenerOptions {
  limits: HeadLimits
  /** Milliseconds. */
  timeouts: { clientHeader: number; clientIdle: number }
}

/** What a listener hands over. */
export interface ListenerOwner {
  /** A whole head has come in; it may still be refused. */
  onRequest(request: Downstream): void
  /** Something came in that is no request, and the listener has answered it itself. */
  onRejected(rejection: Rejection, address: string): void
}

/** Accepts clients. node:http does it now; a faster one can take its place. */
export interface Listener {
  /** Rejects with the operating system's error, for example EADDRINUSE. `together`: other threads listen on the same port. */
  listen(host: string, port: number, together?: boolean): Promise<{ host: string; port: number }>
  /**
   * Accepts no more; every answer from now on ends its connection. Resolves when the last connection is gone, which the
   * owner may hasten with `closeIdle` and `kill`.
   */
  drain(): Promise<void>
  /** Closes the connections that wait for a request. */
  closeIdle(): void
  /** Closes every connection at once. */
  kill(): void
  /** Connections that were answered with `Connection: close` and should be gone by now, are closed. */
  tick(): void
}
