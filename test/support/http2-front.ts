import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Http2Listener } from '../../proxy/http/http2-listener.ts'
import type { Rejection } from '../../proxy/http/request-head.ts'
import { FrameClient } from './http2-frames.ts'
import { TestProxy, type TestSettings, testSettings } from './proxy.ts'

/**
 * A real proxy with an HTTP/2 listener before it on bare sockets, so that every frame can be seen; the door gives it the same
 * sockets, from TLS. Its time is the test's.
 */
export class Http2Front {
  readonly test: TestProxy
  readonly listener: Http2Listener
  readonly rejections: Rejection[] = []
  /** On the proxy's side. */
  readonly sockets: Socket[] = []
  port = 0
  private readonly clients: FrameClient[] = []
  private readonly server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    this.sockets.push(socket)
    this.listener.accept(socket, { address: '192.0.2.7', encrypted: true })
  })

  private constructor(test: TestProxy, settings: TestSettings) {
    const { limits, timeouts } = testSettings(settings)
    const { clock } = test.proxy
    this.test = test
    this.listener = new Http2Listener({ limits, timeouts }, clock, {
      onRequest: (request) => test.proxy.onRequest(request),
      onRejected: (rejection, address) => {
        this.rejections.push(rejection)
        test.proxy.onRejected(rejection, address)
      },
    })
  }

  static async start(settings: TestSettings): Promise<Http2Front> {
    const front = new Http2Front(await TestProxy.start(settings), settings)
    front.server.listen(0, '127.0.0.1')
    await once(front.server, 'listening')
    front.port = (front.server.address() as AddressInfo).port
    return front
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async client(values: Record<number, number> = {}): Promise<FrameClient> {
    const client = await FrameClient.connect(this.port, values)
    this.clients.push(client)
    return client
  }

  advance(milliseconds: number): void {
    for (let left = milliseconds; left > 0; left -= 100) {
      this.test.advance(Math.min(100, left))
      this.listener.tick()
    }
  }

  end(): void {
    for (const client of this.clients) client.leave()
    this.listener.kill()
    this.server.close()
    this.test.proxy.kill()
  }
}
