import { mkdirSync } from 'node:fs'
import { WrongInput } from './wrong-input.ts'

/** What `--out` names. Throws `WrongInput` where there cannot be a folder. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'EEXIST' || code === 'ENOTDIR' ? 'a file is in its place' : message
    throw new WrongInput(`--out ${folder} cannot be a folder: ${why}`)
  }
}
