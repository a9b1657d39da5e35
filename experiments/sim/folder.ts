import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

/** Throws before anything is measured if the files could not be written afterwards. */
export function claim(folder: string, names: readonly string[]): void {
  makeFolder(folder)
  orSay(folder, () => {
    for (const name of names) closeSync(openSync(join(folder, name), 'a'))
  })
}

export function writeInto(folder: string, files: Readonly<Record<string, string>>): void {
  orSay(folder, () => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  })
}

function orSay(folder: string, act: () => void): void {
  try {
    act()
  } catch (error) {
    throw new Error(`cannot write into ${folder}: ${(error as Error).message}`, { cause: error })
  }
}
