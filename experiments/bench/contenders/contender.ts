import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'

/** Where a contender runs. */
export interface Place {
  /** For its configuration and logs; removed after the run. */
  folder: string
  /** Where it has to listen, on 127.0.0.1. */
  port: number
  /** The servers' ports on 127.0.0.1. */
  backends: readonly number[]
}

export interface Command {
  file: string
  args: string[]
  env?: Record<string, string>
}

/** A proxy that takes part: one process or worker, connections to the servers kept alive. */
export interface Contender {
  readonly name: string
  /** What is switched on besides. */
  readonly note: string
  /** Undefined when it is not installed here. */
  version(): string | undefined
  /** Writes what it needs into the folder and says how to start it. */
  command(place: Place): Command
}

/** The first version number that a program tells of itself, on either output. */
export function programVersion(file: string, ...args: string[]): string | undefined {
  const { error, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8' })
  if (error !== undefined) return undefined
  return /\d+\.\d+(\.\d+)?/.exec(stdout + stderr)?.[0]
}

/** The version of an installed package. */
export function packageVersion(name: string): string | undefined {
  try {
    import.meta.resolve(name)
    const file = findPackageJSON(name, import.meta.url)
    if (file === undefined) return undefined
    return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
  } catch {
    return undefined
  }
}

/** Starts a contender's own file as the proxy: see `import.meta.main` there. */
export function nodeScript(file: string, { port, backends }: Place): Command {
  const env = { BENCH_PORT: String(port), BENCH_BACKENDS: backends.join(',') }
  return { file: process.execPath, args: [file], env }
}

/** What `nodeScript` gave: the port to listen on, and whose turn it is next. */
export function givenPlace(): { port: number; nextOrigin: () => string; origins: string[] } {
  const ports = (process.env['BENCH_BACKENDS'] ?? '').split(',')
  const origins = ports.map((port) => `http://127.0.0.1:${port}`)
  let turn = 0
  const nextOrigin = (): string => origins[(turn = (turn + 1) % origins.length)]
  return { port: Number(process.env['BENCH_PORT']), nextOrigin, origins }
}
