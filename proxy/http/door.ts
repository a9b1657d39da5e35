import type { Socket } from 'node:net'
import type { ListenSettings } from '../listen-settings.ts'
import { Entrance } from './entrance.ts'
import type { Listener } from './listener.ts'
import type { Speaker } from './speaker.ts'

/** Lets clients in, and gives each connection to whoever speaks its version of HTTP. */
export class Door implements Listener {
  private readonly http1: Speaker
  /** For those of TLS who chose it; without it nobody is offered the choice. */
  private readonly http2: Speaker | undefined
  private entrances: Entrance[] = []

  constructor(http1: Speaker, http2?: Speaker) {
    this.http1 = http1
    this.http2 = http2
  }

  async listen(places: readonly ListenSettings[], together = false): Promise<ListenSettings[]> {
    this.entrances = places.map((place) => new Entrance(place, this.enter))
    return Promise.all(
      this.entrances.map((entrance, place) =>
        entrance.listen(together).catch((error: unknown) => {
          throw Object.assign(error as Error, { place })
        }),
      ),
    )
  }

  async drain(): Promise<void> {
    this.http1.drain()
    this.http2?.drain()
    await Promise.all(this.entrances.map((entrance) => entrance.close()))
    this.http1.close()
    this.http2?.close()
  }

  closeIdle(): void {
    this.http1.closeIdle()
    this.http2?.closeIdle()
  }

  kill(): void {
    this.http1.kill()
    this.http2?.kill()
  }

  tick(): void {
    this.http1.tick()
    this.http2?.tick()
  }

  private readonly enter = (socket: Socket): void => {
    this.http1.accept(socket, { address: addressOf(socket), encrypted: false })
  }
}

/** As IPv4 where it is that: a socket for both kinds calls such a peer `::ffff:192.0.2.1`. */
function addressOf(socket: Socket): string {
  const address = socket.remoteAddress ?? ''
  return address.startsWith('::ffff:') ? address.slice(7) : address
}
