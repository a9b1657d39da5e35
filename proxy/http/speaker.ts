import type { Socket } from 'node:net'
import type { ListenerOptions } from './listener.ts'

/** Who a connection comes from, as far as that is known. */
export interface Origin {
  /** The client's address, without port: that of the PROXY header where it named one. */
  readonly address: string
  /** Its PROXY header names nobody: the address is that of the proxy in front of us, but the fields may be anybody's. */
  readonly hidden: boolean
}

/** Who is at the other end of a connection. */
export interface Peer extends Origin {
  /** The client speaks TLS with us. */
  readonly encrypted: boolean
}

/**
 * Speaks one version of HTTP on connections that were let in by the door: HTTP/1 on bare sockets and on those of TLS, HTTP/2 on
 * those of TLS whose client chose it (ALPN `h2`).
 */
export interface Speaker {
  /** Takes a connection over, with all that happens to it from now on. */
  accept(socket: Socket, peer: Peer): void
  /** From now on every answer ends its connection. */
  drain(): void
  /** Closes the connections that wait for a request. */
  closeIdle(): void
  /** Closes every connection at once. */
  kill(): void
  /** Other limits and times, for connections that come and requests that begin. */
  follow(options: ListenerOptions): void
  /** Ten times a second: connections that should be gone by now are closed. */
  tick(): void
  /** The last connection is gone: nothing may stay that keeps the process. */
  close(): void
}
