import { spawnSync } from 'node:child_process'
import { registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { onOneLine } from './core/guarded.ts'

/** Where our own modules are: those stay what they are, however often a file is loaded that imports them. */
const OURS = new URL('.', import.meta.url).href

let loads = 0

/**
 * Loads a module that nobody knew when this was written, anew each time, with all that it imports from files of the user's: a module is
 * loaded once in the life of a process, by its URL, so each time has URLs of its own.
 */
export async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  const search = `?load=${++loads}`
  const url = pathToFileURL(path)
  url.search = search
  const theirs = new Set([url.href])
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      const { parentURL = '' } = context
      if (!theirs.has(parentURL) || !isTheirs(found.url)) return found
      const versioned = new URL(found.url)
      versioned.search = search
      theirs.add(versioned.href)
      return { ...found, url: versioned.href }
    },
    // A file that no package.json says is a module would be guessed at, with a warning about it.
    load(each, context, next) {
      const guess = theirs.has(each) && context.format === null
      const format = new URL(each).pathname.endsWith('.ts') ? 'module-typescript' : 'module'
      return next(each, guess ? { ...context, format } : context)
    },
  })
  try {
    return (await import(url.href)) as Readonly<Record<string, unknown>>
  } finally {
    hooks.deregister()
  }
}

/** A file that may change while we run; a package does not. */
function isTheirs(url: string): boolean {
  return url.startsWith('file:') && !url.startsWith(OURS) && !url.includes('/node_modules/')
}

/** Why a module could not be loaded, to be read after its name. */
export function whyNotLoaded(error: unknown, path: string): string {
  try {
    return onOneLine(reasonOf(error, path))
  } catch {
    return 'throws something that cannot be shown while it is loaded'
  }
}

function reasonOf(error: unknown, path: string): string {
  if (!(error instanceof Error)) return `throws while it is loaded: ${String(error)}`
  const { code, message, name } = error as NodeJS.ErrnoException
  const place = placeOf(error, path)
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return (
      `is TypeScript that Node cannot run: ${message} ${place}. Node only takes types away: ` +
      'no enums, no namespaces, no parameter properties'
    )
  }
  if (code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING')
    return 'is TypeScript below node_modules, which Node does not run'
  if (code === 'ERR_MODULE_NOT_FOUND') return `cannot be loaded: ${message}`
  if (error instanceof SyntaxError && /does not provide an export/.test(message))
    return `cannot be loaded: ${message} ${place}`.trim()
  if (error instanceof SyntaxError)
    return `is not valid: ${message} ${place || checkedPlace(path)}`.trim()
  return `throws while it is loaded: ${name}: ${message} ${place}`.trim()
}

/** The first place that the stack knows in the file itself: `(my-strategy.ts:3:7)`; empty if there is none. */
export function placeOf(error: unknown, path: string): string {
  const stack = stackOf(error)
  for (const name of [pathToFileURL(path).href, path]) {
    const at = stack.split('\n').find((line) => line.includes(name))
    const found = /^(?:\?[\w.=&]*)?((?::\d+){1,2})/.exec(at?.split(name).at(-1) ?? '')
    if (found !== null) return `(${baseOf(path)}${found[1]})`
  }
  return ''
}

/** Empty if there is none. It can be a getter of somebody else's, and throw. */
function stackOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.stack) : ''
  } catch {
    return ''
  }
}

/** V8 keeps to itself where a module's syntax is wrong, but `node --check` prints it. */
function checkedPlace(path: string): string {
  const { stderr } = spawnSync(process.execPath, ['--check', path], {
    encoding: 'utf8',
    timeout: 5000,
  })
  const [, line] = /^(?:file:\/\/)?.*:(\d+)\n/.exec(stderr) ?? []
  return line === undefined ? '' : `(${baseOf(path)}:${line})`
}

function baseOf(path: string): string {
  return fileURLToPath(pathToFileURL(path)).split(/[/\\]/).at(-1)!
}
