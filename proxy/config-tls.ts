import { resolve } from 'node:path'
import { isMapping, type Path, type Problem, show } from './core/problems.ts'
import { faultsOfFiles } from './tls-files.ts'
import type { OwnTls } from './upstream-settings.ts'

const FILES = ['ca', 'cert', 'key'] as const

/** The same with paths that begin at that folder, where the file with the configuration is. */
export function fromHome<Tls extends OwnTls>(tls: Tls, home: string): Tls {
  const found = { ...tls }
  for (const key of FILES) if (found[key] !== undefined) found[key] = resolve(home, found[key])
  return found
}

/** What is wrong with the files that the document names. On the raw document, because it must be told even if other things are wrong. */
export function tlsProblems(document: Record<string, unknown>, home: string): Problem[] {
  const { servers } = document
  const own = Array.isArray(servers)
    ? servers.flatMap((server: unknown, index) =>
        isMapping(server) ? problemsIn(server['tls'], ['servers', index, 'tls'], home) : [],
      )
    : []
  return [...problemsIn(document['tls'], ['tls'], home), ...own]
}

function problemsIn(tls: unknown, path: Path, home: string): Problem[] {
  if (!isMapping(tls)) return []
  const named = FILES.flatMap((key) => (typeof tls[key] === 'string' ? [[key, tls[key]]] : []))
  const given: OwnTls = Object.fromEntries(named)
  return faultsOfFiles(fromHome(given, home)).map(({ key, text }) => ({
    path: [...path, key],
    text: `${text}, got ${show(given[key])}`,
  }))
}
