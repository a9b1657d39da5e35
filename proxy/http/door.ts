import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { ListenSettings } from '../listen-settings.ts'
import { type Certificates, readCertificates } from '../tls/certificates.ts'
import { Handshakes } from '../tls/handshakes.ts'
import type { TicketKeys } from '../tls/ticket-keys.ts'
import { BusyAnswer } from './busy-answer.ts'
import type { ConnectionCaps } from '../core/connection-caps.ts'
import type { Caps } from './caps.ts'
import type { Descriptors } from './descriptors.ts'
import { Entrance } from './entrance.ts'
import type { Listener, ListenerOptions } from './listener.ts'
import { Patience } from './patience.ts'
import { addressOf, UNIX_PEER } from './peer-address.ts'
import { awaitProxyHeader } from './proxy-header-reader.ts'
import type { Origin, Speaker } from './speaker.ts'
import { trustedProxies } from './trusted-proxies.ts'
import type { TurnedAway } from './turned-away.ts'

export interface DoorOptions {
  readonly http1: Speaker
  /** For clients of TLS who choose it; without it nobody is offered the choice. */
  readonly http2?: Speaker
  readonly caps: Caps
  readonly descriptors: Descriptors
  readonly now: () => number
  /** How long a PROXY header, and then a handshake, may take, in milliseconds. */
  readonly timeout: number
  /** Says who may send a PROXY header. */
  readonly trusts: (address: string) => boolean
  readonly certificates: Certificates
  /** For TLS sessions, the same in every thread. */
  readonly ticketKeys: TicketKeys
  /** Unix time, in milliseconds: what all threads go by when they change those keys. */
  readonly unix: () => number
  /** Is told of everyone who is not let in. */
  readonly turnedAway: (reason: TurnedAway) => void
}

/** One place, and what is spoken there below HTTP. */
interface Gate {
  readonly entrance: Entrance
  readonly place: ListenSettings
  readonly handshakes: Handshakes | undefined
}

function ignore(): void {}

/**
 * Lets clients in: counts them, reads the PROXY header and speaks TLS where the place wants it, and gives each connection to
 * whoever speaks its version of HTTP. A connection has its place in the count from here until its socket is closed, whoever has it then.
 */
export class Door implements Listener {
  private readonly options: DoorOptions
  private readonly speakers: readonly Speaker[]
  private readonly busy = new BusyAnswer()
  private readonly headers: Patience
  private gates: Gate[] = []
  private readonly left: () => void
  private trusts: (address: string) => boolean
  /** What clients are shown. */
  certificates: Certificates

  constructor(options: DoorOptions) {
    const { caps, http1, http2, timeout } = options
    this.options = options
    this.speakers = http2 === undefined ? [http1] : [http1, http2]
    this.headers = new Patience(timeout)
    this.left = () => caps.total.leave()
    this.trusts = options.trusts
    this.certificates = options.certificates
  }

  async listen(places: readonly ListenSettings[], together = false): Promise<ListenSettings[]> {
    this.gates = places.map((place) => this.gateAt(place))
    const found: ListenSettings[] = []
    for (const [place, { entrance }] of this.gates.entries()) {
      try {
        found.push(await entrance.listen(together))
      } catch (error) {
        for (const each of this.gates) void each.entrance.close()
        throw Object.assign(error as Error, { place })
      }
    }
    return found
  }

  get connections(): ConnectionCaps {
    return this.options.caps.total
  }

  /** From the files, as they are now. Throws a `CertificateFault`, and then nothing has changed. */
  reloadCertificates(): void {
    this.useCertificates(readCertificates(this.gates.map(({ place }) => place)))
  }

  /** From the next handshake on. */
  useCertificates(certificates: Certificates): void {
    this.certificates = certificates
    for (const { handshakes } of this.gates) handshakes?.useCertificates(certificates)
  }

  async drain(): Promise<void> {
    for (const speaker of this.speakers) speaker.drain()
    await Promise.all(this.gates.map(({ entrance }) => entrance.close()))
    for (const speaker of this.speakers) speaker.close()
  }

  closeIdle(): void {
    for (const speaker of this.speakers) speaker.closeIdle()
    this.closeEntering()
  }

  kill(): void {
    for (const speaker of this.speakers) speaker.kill()
    this.closeEntering()
    this.busy.kill()
  }

  follow(options: ListenerOptions & { trustedProxies: string[] }): void {
    const { clientHeader } = options.timeouts
    for (const speaker of this.speakers) speaker.follow(options)
    for (const { handshakes } of this.gates) if (handshakes) handshakes.timeout = clientHeader
    this.headers.timeout = clientHeader
    this.trusts = trustedProxies(options.trustedProxies)
  }

  tick(): void {
    const { now: clock, ticketKeys, unix } = this.options
    const now = clock()
    for (const speaker of this.speakers) speaker.tick()
    if (ticketKeys.turn(unix())) for (const { handshakes } of this.gates) handshakes?.renew()
    for (const { handshakes } of this.gates) handshakes?.tick(now)
    this.headers.expire(now, (socket) => this.shut(socket, 'proxy_timeout'))
    this.busy.tick(now)
    this.options.descriptors.tick(now)
  }

  private gateAt(place: ListenSettings): Gate {
    const { http1, http2, ticketKeys, timeout, turnedAway } = this.options
    const entrance = new Entrance(place, (socket) => this.enter(socket, gate))
    const speak = (socket: TLSSocket, origin: Origin, chosen: boolean): void =>
      (chosen ? http2! : http1).accept(socket, { ...origin, encrypted: true })
    const owner = { onSecure: speak, onFailed: turnedAway }
    const options = { timeout, ticketKeys, http2: http2 !== undefined }
    const { tls } = place
    const handshakes = tls && new Handshakes(tls, this.certificates, options, owner)
    const gate = { entrance, place, handshakes }
    return gate
  }

  private enter(socket: Socket, gate: Gate): void {
    const { caps } = this.options
    if (!caps.total.enter()) return this.tellBusy(socket, gate, 'connections')
    socket.on('close', this.left)
    const address = 'socket' in gate.place ? UNIX_PEER : addressOf(socket)
    if (!gate.place.proxyProtocol) return this.admit(socket, gate, { address, hidden: false })
    socket.on('error', ignore)
    if (!this.trusts(address)) return this.shut(socket, 'untrusted_peer')
    this.readHeader(socket, gate, address)
  }

  private readHeader(socket: Socket, gate: Gate, peer: string): void {
    this.headers.begin(socket, this.options.now())
    socket.on('close', () => this.headers.end(socket))
    awaitProxyHeader(socket, {
      onHeader: (client) => {
        this.headers.end(socket)
        this.admit(socket, gate, { address: client ?? peer, hidden: client === undefined })
      },
      onBadHeader: () => this.shut(socket, 'proxy_header'),
    })
  }

  private admit(socket: Socket, gate: Gate, origin: Origin): void {
    const { caps, http1, now } = this.options
    if (caps.perAddress !== undefined) {
      const leave = caps.enterFrom(origin.address)
      if (leave === undefined) return this.tellBusy(socket, gate, 'connections_per_address')
      socket.on('close', leave)
    }
    if (gate.handshakes !== undefined) {
      socket.on('error', ignore)
      gate.handshakes.accept(socket, origin, now())
      return
    }
    http1.accept(socket, { ...origin, encrypted: false })
    if (socket.isPaused()) socket.resume() // What came behind the PROXY header.
  }

  /** In plain HTTP that can be said; to say it in TLS would cost a handshake. */
  private tellBusy(socket: Socket, gate: Gate, reason: TurnedAway): void {
    socket.on('error', ignore)
    if (gate.handshakes !== undefined) return this.shut(socket, reason)
    this.options.turnedAway(reason)
    this.busy.tell(socket, this.options.now())
  }

  private shut(socket: Socket, reason: TurnedAway): void {
    this.options.turnedAway(reason)
    socket.destroy()
  }

  /** Those that have not come to HTTP yet. */
  private closeEntering(): void {
    this.headers.expire(Infinity, (socket) => socket.destroy())
    for (const { handshakes } of this.gates) handshakes?.kill()
  }
}
