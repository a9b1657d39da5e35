import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const PAGE =
  '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'

/** The page and its worker as Vite makes them for a release, in memory. */
export interface Bundle {
  readonly files: ReadonlyMap<string, string>
  /** The files that went into the worker, relative to the root. */
  readonly modules: readonly string[]
  /** Of the worker, smaller by minification but not compressed. */
  readonly bytes: number
}

export async function bundle(): Promise<Bundle> {
  const modules: string[] = []
  let bytes = 0
  const listing = {
    name: 'listing',
    generateBundle(_: unknown, output: Rolldown.OutputBundle): void {
      for (const file of Object.values(output)) {
        if (file.type !== 'chunk') continue
        bytes += file.code.length
        modules.push(...file.moduleIds.map((id) => id.replace(ROOT, '')), ...file.imports)
      }
    },
  }
  const built = (await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    worker: { format: 'es', plugins: () => [listing] },
    build: {
      write: false,
      rolldownOptions: {
        input: fileURLToPath(new URL('page.ts', import.meta.url)),
        output: { entryFileNames: 'page.js' },
      },
    },
  })) as Rolldown.RolldownOutput
  const files = new Map<string, string>([['/', PAGE]])
  for (const file of built.output) {
    files.set(`/${file.fileName}`, file.type === 'chunk' ? file.code : String(file.source))
  }
  return { files, modules, bytes }
}

/** Serves it on loopback. */
export async function serve({ files }: Bundle): Promise<{ server: Server; url: string }> {
  const server = createServer(({ url = '/' }, response) => {
    const text = files.get(url)
    const type = url === '/' ? 'text/html' : 'text/javascript'
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': type }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}
