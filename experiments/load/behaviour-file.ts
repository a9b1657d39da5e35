import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { show, writePath } from '../../proxy/core/problems.ts'
import { importModule, whyNotLoaded } from '../../proxy/strategy-module.ts'
import { above0, atLeast } from '../../simulator/checks.ts'
import { Findings } from '../../simulator/check/findings.ts'
import {
  type FieldsOf,
  type Kind,
  list,
  mapping,
  number,
  oneOf,
  optional,
  required,
  text,
  time,
} from '../../simulator/check/kinds.ts'
import { distribution } from '../../simulator/check/work.ts'
import { WrongInput } from '../sim/wrong-input.ts'
import type { Behaviour, Step, UserKind } from './behaviour.ts'

/** A behaviour from a file's default export, checked. Throws a `WrongInput`, a line a problem: `users[0].weight must be above 0, got -1 (shop.ts)`. */
export async function readBehaviour(path: string): Promise<Behaviour> {
  if (!/\.[cm]?[jt]s$/.test(path))
    throw new WrongInput(`${path} must end in .ts or .js: a behaviour is a module`)
  if (!existsSync(path)) throw new WrongInput(`there is no ${path}`)
  let module: Readonly<Record<string, unknown>>
  try {
    module = await importModule(resolve(path))
  } catch (error) {
    throw new WrongInput(`${path} ${whyNotLoaded(error, resolve(path))}`)
  }
  const { default: given } = module
  if (given === undefined) throw new WrongInput(`${path} has no default export`)
  const findings = new Findings()
  const read = behaviour.read(given, [], findings)
  if (findings.count === 0) return read as Behaviour
  const lines = findings.problems.map(
    (problem) => `${writePath(problem.path) || 'the behaviour'} ${problem.text} (${path})`,
  )
  throw new WrongInput(lines.join('\n'))
}

function orFunction(kind: Kind): Kind {
  return {
    says: `${kind.says}, or a function of the visitor`,
    read(value, path, findings) {
      return typeof value === 'function' ? value : kind.read(value, path, findings)
    },
  }
}

const functionOnly: Kind = {
  says: 'a function',
  read(value, path, findings) {
    if (typeof value !== 'function') findings.add(path, `must be a function, got ${show(value)}`)
    return value
  },
}

/** Any keys, and values of one kind. */
function named(kind: Kind): Kind {
  return {
    says: `a mapping of names to ${kind.says}`,
    read(value, path, findings) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        findings.add(path, `must be a mapping, got ${show(value)}`)
        return value
      }
      for (const [name, each] of Object.entries(value)) kind.read(each, [...path, name], findings)
      return value
    },
  }
}

const name = required(text('a text', /\S/), 'what it is called')
const weight = optional(
  number('a number', (value, path) => above0(value, path)),
  'in proportion',
  '1',
)
const constant = time('at least 0', (value, path) => atLeast(value, 0, path))
const think = optional(
  {
    says: 'a time or a distribution',
    read(value, path, findings) {
      const kind = typeof value === 'object' ? distribution : constant
      return kind.read(value, path, findings)
    },
  },
  'between an answer and the next request',
  'none',
)

const STEP: FieldsOf<Step> = {
  name,
  weight,
  method: optional(text('a method like GET', /^[!#$%&'*+.^_`|~\w-]+$/), 'of the request', 'GET'),
  path: required(orFunction(text('a text that begins with /', /^\//)), 'what is asked for'),
  headers: optional(orFunction(named(text('a text', /^/))), 'of the request'),
  body: optional(orFunction(text('a text', /^/)), 'of the request'),
  think,
  checks: optional(named(functionOnly), 'what must hold of the answer'),
  keep: optional(functionOnly, 'keeps something of the answer'),
}
const USER: FieldsOf<UserKind> = {
  name,
  weight,
  think,
  order: optional(oneOf('drawn', 'listed'), 'how steps follow one another', 'drawn'),
  steps: required(list('a list of steps', mapping('a step', STEP)), 'what they do'),
}
const BEHAVIOUR: FieldsOf<Behaviour> = {
  users: required(list('a list of users', mapping('a user', USER)), 'who comes'),
}
const behaviour = mapping('a behaviour', BEHAVIOUR)
