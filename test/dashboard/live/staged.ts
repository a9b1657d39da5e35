import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Onlooker } from '../../../proxy/control/onlooker.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Scene } from '../../proxy/admin/scene.ts'

/** The pages of a proxy whose time is the test's: so that a minute can be an hour, and servers as many as it takes. */
export class Staged {
  readonly scene: Scene
  url = ''
  private readonly server: Server
  private n = 0

  constructor(ids: readonly string[]) {
    this.scene = new Scene(ids.map((id) => new Endpoint(id)))
    this.server = createServer((request, response) => {
      const [path] = request.url!.split('?')
      if (this.scene.admin.handles(path)) this.scene.admin.handle(new Onlooker(request, response))
      else response.writeHead(404).end()
    })
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/lb/`
    return this
  }

  /** Seconds with so many requests each, that take anything from 1 to 100 ms. */
  seconds(count: number, requests = 100): void {
    const { balancer } = this.scene
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < requests && balancer.servers.length > 0; j++) {
        this.n++
        this.scene.serve(1 + ((this.n * 7919) % 997) / 10, this.n % 500 === 0 ? 'error' : 'ok')
      }
      this.scene.pass(1000)
    }
  }

  close(): void {
    this.scene.admin.close()
    this.server.close()
    this.server.closeAllConnections()
  }
}
