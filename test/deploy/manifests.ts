import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> }
  readonly [key: string]: unknown
}

export interface Named {
  /** `deployment.yaml: Deployment evenkeel` */
  readonly title: string
  readonly manifest: Manifest
}

export function read(path: string): string {
  return readFileSync(ROOT + path, 'utf8')
}

/** All documents of a YAML file. Throws what is wrong with it. */
export function yamlOf(path: string): unknown[] {
  return parseAllDocuments(read(path)).map((document) => {
    if (document.errors.length > 0) throw new Error(`${path}: ${document.errors[0].message}`)
    return document.toJS() as unknown
  })
}

/** What a cluster is told; the rules for prometheus-adapter are for its own chart. */
export function manifests(): Named[] {
  const files = globSync('deploy/kubernetes/*.yaml', { cwd: ROOT })
  return files.toSorted().flatMap((path) => {
    if (path.endsWith('prometheus-adapter.yaml')) return []
    return yamlOf(path).map((document) => {
      const manifest = document as Manifest
      const file = path.slice(path.lastIndexOf('/') + 1)
      return { title: `${file}: ${manifest.kind} ${manifest.metadata.name}`, manifest }
    })
  })
}
