import { Agent, createServer } from 'node:http'
import { givenPlace, nodeScript, packageVersion, type Contender } from './contender.ts'

/** A library, so what it does not have is not switched on: no log, no metrics, no checks. */
export const httpProxy3: Contender = {
  name: 'http-proxy-3',
  note: 'nothing else',
  version: () => packageVersion('http-proxy-3'),
  command: (place) => nodeScript(import.meta.filename, place),
}

if (import.meta.main) {
  const { createProxyServer } = await import('http-proxy-3')
  const { port, nextOrigin } = givenPlace()
  const proxy = createProxyServer({ agent: new Agent({ keepAlive: true, maxSockets: 128 }) })
  const server = createServer((request, response) => {
    proxy.web(request, response, { target: nextOrigin(), xfwd: true }, () => response.destroy())
  })
  server.listen(port, '127.0.0.1', 1024)
}
