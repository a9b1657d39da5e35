import { createReadStream, existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../../dist/dashboard/', import.meta.url))
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
}
/** As strict as the proxy's. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; worker-src 'self'; " +
  "img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export interface StaticPages {
  /** With a slash at its end. */
  readonly url: string
  close(): Promise<void>
}

/** The built pages as plain files, below some folder, as any host would have them: without a proxy. */
export async function serveStatic(prefix = '/some/where/'): Promise<StaticPages> {
  const server: Server = createServer((request, response) => {
    const path = normalize(new URL(request.url!, 'http://x').pathname)
    const file = join(FOLDER, path.slice(prefix.length))
    if (!path.startsWith(prefix) || !file.startsWith(FOLDER) || !existsSync(file)) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
    })
    createReadStream(file).pipe(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${prefix}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
