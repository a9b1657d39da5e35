import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The file of code with that name in a folder: TypeScript, or JavaScript in the package that is published. */
export function codeIn(folder: string, name: string): string | undefined {
  return ['ts', 'js']
    .map((ending) => join(folder, `${name}.${ending}`))
    .find((each) => existsSync(each))
}
