import { existsSync, writeFileSync } from 'node:fs'
import { EXAMPLE } from '../scenario-example.ts'
import { WrongInput } from './wrong-input.ts'

const NAME = 'scenario.yaml'

/** Writes a scenario to begin with, and says what to do with it. Never over a file that is there. */
export function init(file: string | true): string {
  const name = file === true ? NAME : file
  // By its name it would be read as something else.
  if (!/\.ya?ml$/.test(name))
    throw new WrongInput(`${name} must end in .yaml or .yml: what is written is YAML`)
  if (existsSync(name)) throw new WrongInput(`${name} is there already: give another name`)
  try {
    writeFileSync(name, EXAMPLE, { flag: 'wx' })
  } catch (error) {
    throw new WrongInput(`${name} cannot be written: ${(error as Error).message}`)
  }
  return `Written to ${name}. Now: npx evenkeel sim ${name}\n`
}
