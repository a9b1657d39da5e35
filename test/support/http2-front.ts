import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { Http2Listener } from '../../proxy/http/http2-listener.ts'
import type { Rejection } from '../../proxy/http/request-head.ts'
import type { Certificate } from './certificates.ts'
import { FrameClient } from './http2-frames.ts'
import { TestProxy, type TestSettings, testSettings } from './proxy.ts'

/**
 * A real proxy with an HTTP/2 listener before it, on bare sockets or on those of TLS. Its time is the test's.
 */
export class Http2Front {
  readonly test: TestProxy
  readonly listener: Http2Listener
  readonly rejections: Rejection[] = []
  /** On the proxy's side. */
  readonly sockets: Socket[] = []
  port = 0
  private readonly clients: FrameClient[] = []
  private readonly server: Server

  private constructor(test: TestProxy, settings: TestSettings, certificate?: Certificate) {
    const { limits, timeouts } = testSettings(settings)
    const { clock } = test.proxy
    this.test = test
    const options = { allowHalfOpen: true, noDelay: true }
    const enter = (socket: Socket): void => {
      this.sockets.push(socket)
      this.listener.accept(socket, { address: '192.0.2.7', hidden: false, encrypted: true })
    }
    if (certificate === undefined) {
      this.server = createServer(options, enter)
    } else {
      const { cert, key } = certificate
      this.server = createTlsServer({ ...options, cert, key, ALPNProtocols: ['h2'] }, enter)
    }
    this.listener = new Http2Listener({ limits, timeouts }, clock, {
      onRequest: (request) => test.proxy.onRequest(request),
      onRejected: (rejection, address) => {
        this.rejections.push(rejection)
        test.proxy.onRejected(rejection, address)
      },
    })
  }

  static async start(settings: TestSettings, certificate?: Certificate): Promise<Http2Front> {
    const front = new Http2Front(await TestProxy.start(settings), settings, certificate)
    front.server.listen(0, '127.0.0.1')
    await once(front.server, 'listening')
    front.port = (front.server.address() as AddressInfo).port
    return front
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
