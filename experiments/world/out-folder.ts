import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../sim/folder.ts'

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
