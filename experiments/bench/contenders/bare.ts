import { createServer, type ServerResponse } from 'node:http'
import { Pool, type Dispatcher } from 'undici'
import { givenPlace, nodeScript, packageVersion, type Contender } from './contender.ts'

/**
 * The floor for a proxy of our kind: node:http in front, undici's dispatcher behind, and nothing between them. It does not
 * forward properly (hop-by-hop fields, back-pressure, errors), so it is no proxy to use.
 */
export const bare: Contender = {
  name: 'bare',
  note: 'node:http + undici dispatch, nothing else',
  version: () => packageVersion('undici'),
  command: (place) => nodeScript(import.meta.filename, place),
}

class Relay implements Dispatcher.DispatchHandler {
  private readonly response: ServerResponse

  constructor(response: ServerResponse) {
    this.response = response
  }

  onRequestStart(): void {}

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    const fields = controller.rawHeaders as Buffer[]
    this.response.writeHead(
      status,
      fields.map((field) => field.toString('latin1')),
    )
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.response.write(chunk)
  }

  onResponseEnd(): void {
    this.response.end()
  }

  onResponseError(): void {
    this.response.destroy()
  }
}

if (import.meta.main) {
  const { port, origins } = givenPlace()
  const pools = origins.map((origin) => new Pool(origin, { connections: 128, pipelining: 1 }))
  let turn = 0
  const server = createServer((request, response) => {
    const pool = pools[(turn = (turn + 1) % pools.length)]
    const { url = '/', rawHeaders } = request
    const headers = rawHeaders.filter((_, i) => rawHeaders[i & ~1].toLowerCase() !== 'connection')
    pool.dispatch({ path: url, method: 'GET', headers }, new Relay(response))
  })
  server.listen(port, '127.0.0.1', 1024)
}
