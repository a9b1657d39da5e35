import type { z } from 'zod'
import { CONFIGURATION } from '../../proxy/config-schema.ts'

/** A key of the configuration that is more than a folder for others. */
export interface Knob {
  /** `servers[].weight` */
  readonly path: string
  /** What it can be, in the words of the checks. */
  readonly rule: string
  /** As it would be written; empty where there is none. */
  readonly usual: string
}

/** What a schema looks like from inside. */
interface Inside {
  readonly type: string
  readonly innerType?: z.ZodType
  readonly defaultValue?: unknown
  readonly in?: z.ZodType
  readonly options?: readonly z.ZodType[]
  readonly element?: z.ZodType
  readonly shape?: Readonly<Record<string, z.ZodType>>
}

/** All of them, in the schema's order. */
export function knobs(): Knob[] {
  return knobsIn(CONFIGURATION, '')
}

/** What is given to a key to hear what is wrong with it: nothing of it is right for all, and each is beyond some bound. */
const PROBES = [
  {},
  [],
  'x y',
  -1,
  0,
  1e-4,
  0.5,
  1e15,
  '-1s',
  '0s',
  '99999999s',
  '99999999MiB',
  '200%',
]

/** What has to be there for the rest to be judged. */
const REQUIRED = { strategy: 'round_robin', url: 'http://127.0.0.1:9001' }

function knobsIn(schema: z.ZodType, path: string): Knob[] {
  const { shape } = inside(bare(schema))
  if (shape === undefined) return []
  const required = Object.fromEntries(Object.entries(REQUIRED).filter(([key]) => key in shape))
  const usual = outcome(schema, required)
  return Object.entries(shape).flatMap(([key, value]) => {
    const at = path === '' ? key : `${path}.${key}`
    return knobsAt(value, at, key in required ? undefined : (usual[key] ?? defaultOf(value)))
  })
}

function knobsAt(schema: z.ZodType, path: string, usual: unknown): Knob[] {
  const { element, options = [], shape } = inside(bare(schema))
  if (shape !== undefined) return knobsIn(schema, path)
  if (element !== undefined) {
    const within = knobsIn(element, `${path}[]`)
    return within.length > 0 ? within : [knob(schema, path, usual)]
  }
  const mappings = options.filter((option) => inside(bare(option)).shape !== undefined)
  const within = mappings.flatMap((option) => knobsIn(option, path))
  const lists = options.some((option) => inside(bare(option)).element !== undefined)
  return lists && within.length > 0 ? within : [knob(schema, path, usual), ...within]
}

function knob(schema: z.ZodType, path: string, usual: unknown): Knob {
  const rule = ruleOf(schema)
  return { path, rule, usual: usual === undefined ? '' : written(usual, rule) }
}

/** In the words that somebody hears who sets it to something else. */
function ruleOf(schema: z.ZodType): string {
  const { element } = inside(bare(schema))
  const said = new Set<string>()
  for (const probe of PROBES) {
    const { error } = schema.safeParse(probe)
    for (const message of messagesOf(error?.issues ?? [])) said.add(message)
  }
  if (said.size > 1) said.delete('must be a mapping')
  const rules = [...said].map((message) => message.replace(/^must (be )?/, ''))
  if (element !== undefined) rules.push(`of each: ${ruleOf(element)}`)
  return rules.length === 0 ? 'see the strategies' : rules.join('; ')
}

function messagesOf(issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.flatMap((issue) => {
    if (issue.path.length > 0 || issue.code === 'unrecognized_keys') return []
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      return issue.errors.flatMap((errors) => messagesOf(errors))
    }
    // The other words are zod's own, of a form that is told by its second rule.
    return issue.message.startsWith('must ') ? [issue.message] : []
  })
}

/** What comes of it if nothing else is said. */
function outcome(schema: z.ZodType, given: object): Record<string, unknown> {
  const { data } = bareMapping(schema).safeParse(given)
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {}
}

/** Of a mapping that cannot be left empty: what stands for the key itself. */
function defaultOf(schema: z.ZodType): unknown {
  const { defaultValue, type } = inside(schema)
  return type === 'default' ? defaultValue : undefined
}

/** Without what stands for a mapping that is left out. */
function bareMapping(schema: z.ZodType): z.ZodType {
  const { innerType } = inside(schema)
  return innerType === undefined ? schema : bareMapping(innerType)
}

/** Without everything around it: defaults, refinements, what is done with it afterwards. */
function bare(schema: z.ZodType): z.ZodType {
  const { in: source, innerType, type } = inside(schema)
  if (innerType !== undefined) return bare(innerType)
  // A value that a function of ours judges is what it is.
  if (type === 'pipe' && source !== undefined && inside(source).type !== 'unknown') {
    return bare(source)
  }
  return schema
}

function inside(schema: z.ZodType): Inside {
  return schema.def
}

/** A value as the file would have it. */
function written(value: unknown, rule: string): string {
  if (typeof value === 'number' && rule.startsWith('a duration')) return time(value)
  if (typeof value === 'number' && rule.startsWith('a size')) return size(value)
  if (typeof value === 'number' && rule.startsWith('a share')) return `${value * 100}%`
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return `[${value.join(', ')}]`
  return typeof value === 'object' ? 'as below' : JSON.stringify(value)
}

function time(milliseconds: number): string {
  if (milliseconds % 60_000 === 0 && milliseconds > 60_000) return `${milliseconds / 60_000}m`
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`
}

function size(bytes: number): string {
  return bytes % 1024 === 0 ? `${bytes / 1024}KiB` : String(bytes)
}
