import { statSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import type { Settings } from './settings.ts'

type LogTarget = Settings['accessLog']

/** A path in the file begins where the file is; one of a flag, where the proxy is started. */
export function logFrom(target: LogTarget, home: string): LogTarget {
  if (typeof target !== 'object' || isAbsolute(target.file)) return target
  return home === '.' ? target : { file: join(home, target.file) }
}

/** Why the access log could not be written, as far as can be told without opening it. */
export function logProblems(target: LogTarget): string[] {
  if (typeof target !== 'object') return []
  const { file } = target
  if (kindOf(file) === 'folder') return [`accessLog must be a file, got a folder: ${file}`]
  if (kindOf(dirname(file)) === 'folder') return []
  return [`accessLog must be in a folder that is there, got ${file}`]
}

function kindOf(path: string): 'folder' | 'other' | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return undefined
  return found.isDirectory() ? 'folder' : 'other'
}
