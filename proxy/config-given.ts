import { SOURCES } from './config-sources.ts'
import { isMapping, type Path } from './core/problems.ts'

/** Variables or flags, by name; flags as commander names them: `backendServers` for `--backend-servers`. */
export type Values = Readonly<Record<string, string | boolean | undefined>>

/** A setting given by a variable or a flag. */
export interface Given {
  readonly path: Path
  readonly value: unknown
  /** What the user wrote: `BACKEND_SERVERS`, `--port`. */
  readonly label: string
}

/** What variables and then flags give; later wins. A variable that is empty counts as not set, as compose files leave them. */
export function givenBy(env: Values, flags: Values): Given[] {
  const given: Given[] = []
  for (const { path, variable, read } of SOURCES) {
    const text = variable === undefined ? undefined : env[variable]
    if (variable === undefined || typeof text !== 'string' || text.trim() === '') continue
    given.push({ path, value: read(text.trim()), label: variable })
  }
  for (const source of SOURCES) {
    // Of two names commander goes by the last.
    const label = /--[\w-]+(?= |$)/.exec(source.flag ?? '')?.[0]
    const value = label === undefined ? undefined : flags[attributeOf(label)]
    if (label === undefined || value === undefined || value === true) continue
    given.push({ path: source.path, value: source.read(String(value)), label })
  }
  return given
}

/** A copy of the document with a value at this path. What stands in the way as no mapping stays, for the checks to refuse. */
export function withValue(
  document: Record<string, unknown>,
  path: Path,
  value: unknown,
): Record<string, unknown> {
  const [key, ...rest] = path
  if (rest.length === 0) return { ...document, [key]: value }
  const below = document[key] ?? {}
  if (Array.isArray(below)) {
    const [index, ...inner] = rest
    const change = (item: unknown, at: number): unknown =>
      at === index && isMapping(item) ? withValue(item, inner, value) : item
    return { ...document, [key]: below.map(change) }
  }
  // `health: false` in the file and HEALTH_PATH set: the later source wants checks.
  if (below !== false && !isMapping(below)) return document
  return { ...document, [key]: withValue(below === false ? {} : below, rest, value) }
}

function attributeOf(flag: string): string {
  return flag
    .replace(/^--(no-)?/, '')
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
