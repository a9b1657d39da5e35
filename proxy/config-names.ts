import type { z } from 'zod'
import type { server as schema } from './config-upstream.ts'
import { isMapping } from './core/problems.ts'
import type { ServerSettings } from './settings.ts'
import type { NameSettings } from './upstream-settings.ts'

type Listed = z.output<typeof schema> & { readonly id: string }

const PORTS = { http: 80, https: 443, h2c: 80 }

/** A list of servers, some of which are names to resolve, as the two kinds that it has. */
export function apart(listed: readonly Listed[]): {
  servers: ServerSettings[]
  names: NameSettings[]
} {
  const servers: ServerSettings[] = []
  const names: NameSettings[] = []
  for (const each of listed) {
    const { resolve, url, ...server } = each
    if (resolve === undefined) {
      servers.push({ ...server, url })
      continue
    }
    const [scheme, rest] = url.split('://') as [NameSettings['scheme'], string]
    const { hostname, port } = new URL(`http://${rest}`)
    const number = port === '' ? PORTS[scheme] : Number(port)
    names.push({ ...server, resolve, scheme, name: hostname, port: number })
  }
  return { servers, names }
}

/** Of one that has none of its own: by its place in the list; of a name, whose servers are many, the name. */
export function usualId(server: unknown, index: number): string {
  if (isMapping(server) && server['resolve'] !== undefined) {
    const [, name] = /:\/\/([^:/]+)/.exec(String(server['url'])) ?? []
    if (name !== undefined) return name.toLowerCase()
  }
  return `b${index + 1}`
}
