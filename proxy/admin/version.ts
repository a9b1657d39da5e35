import { readFileSync } from 'node:fs'

interface Manifest {
  version: string
}

/** The version of Evenkeel that runs, from its package.json. */
export const VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Manifest
).version
