import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { ListenSettings } from '../listen-settings.ts'

/** As many connections may wait to be accepted; the system may allow fewer (`somaxconn`). */
const BACKLOG = 1024

/** One listening socket. */
export class Entrance {
  readonly place: ListenSettings
  private readonly server: Server

  constructor(place: ListenSettings, onSocket: (socket: Socket) => void) {
    this.place = place
    // As node:http would: half open, since a client may end its side and still wait for its answer.
    this.server = createServer({ allowHalfOpen: true, noDelay: true }, onSocket)
  }

  /** Gives the place with its port. Rejects with the operating system's error. `together`: other threads listen there, too. */
  async listen(together: boolean): Promise<ListenSettings> {
    const { place, server } = this
    await new Promise<void>((resolve, fail) => {
      server.once('error', fail)
      const { host, port } = place as { host: string; port: number }
      server.listen({ host, port, backlog: BACKLOG, reusePort: together }, () => {
        server.off('error', fail)
        server.on('error', () => {}) // accept() fails for want of file descriptors: the others go on.
        resolve()
      })
    })
    const { address: host, port } = server.address() as AddressInfo
    return { ...place, host, port }
  }

  /** Accepts no more. Resolves when the last connection is gone. */
  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()))
  }
}
