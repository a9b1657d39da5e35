import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import { Patience } from '../http/patience.ts'
import type { Origin } from '../http/speaker.ts'
import type { TlsSettings } from '../listen-settings.ts'
import type { Certificates } from './certificates.ts'
import { Contexts } from './contexts.ts'
import type { TicketKeys } from './ticket-keys.ts'

export interface HandshakeOptions {
  /** How long a handshake may take, in milliseconds. */
  readonly timeout: number
  /** The same in every thread. */
  readonly ticketKeys: TicketKeys
  /** HTTP/2 may be offered. */
  readonly http2: boolean
}

export interface HandshakeOwner {
  /** `http2`: the client chose it. */
  onSecure(socket: TLSSocket, origin: Origin, http2: boolean): void
  /** The connection is gone. */
  onFailed(reason: 'tls' | 'tls_timeout'): void
}

/** What node:tls keeps: the connection below. */
type Above = TLSSocket & { readonly _parent?: Socket }

/** Speaks TLS with clients that have connected to one place. */
export class Handshakes {
  private readonly settings: TlsSettings
  private readonly options: HandshakeOptions
  private readonly owner: HandshakeOwner
  private readonly server: Server
  private readonly patience: Patience
  /** Where the clients come from, by the connection below. */
  private readonly origins = new WeakMap<Socket, Origin>()
  private certificates: Certificates
  private contexts: Contexts

  constructor(
    settings: TlsSettings,
    certificates: Certificates,
    options: HandshakeOptions,
    owner: HandshakeOwner,
  ) {
    this.settings = settings
    this.options = options
    this.owner = owner
    this.patience = new Patience(options.timeout)
    this.certificates = certificates
    this.contexts = this.makeContexts()
    this.server = createServer({
      ...this.contexts.usual,
      ALPNProtocols: settings.http2 && options.http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
      SNICallback: (name, done) => done(null, this.contexts.for(name)),
    })
    this.server.on('secureConnection', (socket: Above) => this.onSecure(socket))
    this.server.on('tlsClientError', (_error, socket: Above) => this.onError(socket))
  }

  accept(socket: Socket, origin: Origin, now: number): void {
    this.origins.set(socket, origin)
    this.patience.begin(socket, now)
    this.server.emit('connection', socket)
  }

  /** From now on; who is connected stays. */
  useCertificates(certificates: Certificates): void {
    this.certificates = certificates
    this.renew()
  }

  /** With other keys for sessions, or other certificates. */
  renew(): void {
    this.contexts = this.makeContexts()
    this.server.setSecureContext(this.contexts.usual)
  }

  private makeContexts(): Contexts {
    return new Contexts(this.settings, this.certificates, this.options.ticketKeys.bytes)
  }

  /** How long a handshake may take from here on, in milliseconds. */
  set timeout(timeout: number) {
    this.patience.timeout = timeout
  }

  tick(now: number): void {
    this.patience.expire(now, (socket) => {
      socket.destroy()
      this.owner.onFailed('tls_timeout')
    })
  }

  /** Ends those that are under way. */
  kill(): void {
    this.patience.expire(Infinity, (socket) => socket.destroy())
  }

  private onSecure(socket: Above): void {
    const below = socket._parent
    const origin = below && this.origins.get(below)
    if (origin === undefined || !this.patience.end(below!)) {
      socket.destroy()
      return
    }
    this.owner.onSecure(socket, origin, socket.alpnProtocol === 'h2')
  }

  /** The socket is destroyed by node:tls. */
  private onError({ _parent: below }: Above): void {
    // Whoever only looks whether the port is open has done nothing wrong; who was late has been counted.
    if (below !== undefined && this.patience.end(below) && below.bytesRead > 0)
      this.owner.onFailed('tls')
  }
}
