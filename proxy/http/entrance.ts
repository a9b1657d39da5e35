import {
  type AddressInfo,
  createServer,
  type ListenOptions,
  type Server,
  type Socket,
} from 'node:net'
import type { ListenSettings } from '../listen-settings.ts'
import { clearPath, setMode } from './unix-socket.ts'

/** As many connections may wait to be accepted; the system may allow fewer (`somaxconn`). */
const BACKLOG = 1024

/** One listening socket. */
export class Entrance {
  readonly place: ListenSettings
  private readonly server: Server

  constructor(place: ListenSettings, onSocket: (socket: Socket) => void) {
    this.place = place
    // As node:http and node:https have it. A client may end its side and still wait for its answer; but of TLS nothing can go on
    // after the end, and somebody who leaves in a handshake would be held until its time is over.
    const allowHalfOpen = place.tls === undefined
    this.server = createServer({ allowHalfOpen, noDelay: true }, onSocket)
  }

  /** Gives the place with its port. Rejects with the operating system's error. `together`: other threads listen there, too. */
  async listen(together: boolean): Promise<ListenSettings> {
    const { place, server } = this
    if ('socket' in place) {
      await clearPath(place.socket) // If that cannot be, the system says why.
      await this.listenAt({ path: place.socket })
      setMode(place.socket, place.mode)
      return place
    }
    const { host, port } = place
    await this.listenAt({ host, port, reusePort: together })
    const found = server.address() as AddressInfo
    return { ...place, host: found.address, port: found.port }
  }

  /** Accepts no more. Resolves when the last connection is gone. */
  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()))
  }

  private listenAt(where: ListenOptions): Promise<void> {
    const { server } = this
    return new Promise((resolve, fail) => {
      server.once('error', fail)
      server.listen({ ...where, backlog: BACKLOG }, () => {
        server.off('error', fail)
        server.on('error', () => {}) // accept() failed for one client: the others go on.
        resolve()
      })
    })
  }
}
