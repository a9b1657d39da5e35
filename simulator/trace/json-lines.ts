import { NAMES, workOf } from './columns.ts'
import { clip, LineError } from './errors.ts'
import type { ColumnChoice, LineParser } from './parser.ts'
import type { TraceEntry } from './trace.ts'
import {
  amountOf,
  complaint,
  countOf,
  isNone,
  methodOf,
  numberOf,
  pathOf,
  secondsOf,
} from './values.ts'

type Fields = Readonly<Record<string, unknown>>

/** A JSON object a line, with the names that columns of a CSV have. Fields that are not known are ignored. */
export class JsonLinesParser implements LineParser {
  readonly worksOut = true
  clock = ''
  private readonly choice: ColumnChoice
  private readonly values: Float64Array

  constructor(choice: ColumnChoice) {
    this.choice = choice
    this.values = new Float64Array(choice.work?.names.length ?? 0)
  }

  parse(line: string): TraceEntry {
    const fields = objectOf(line)
    const { keyColumn, timeColumn, timeUnit } = this.choice
    const time = nameIn(fields, timeColumn === undefined ? NAMES.time : [timeColumn])
    if (time === undefined) throw new LineError(`there is no ${timeColumn ?? NAMES.time[0]}`)
    if (this.clock === '') this.clock = time
    const method = nameIn(fields, NAMES.method)
    const verb = method === undefined ? '' : textOf(fields, method)
    const path = nameIn(fields, NAMES.path)
    const key = nameIn(fields, keyColumn === undefined ? NAMES.key : [keyColumn])
    const bytes = nameIn(fields, NAMES.bytes)
    const status = nameIn(fields, NAMES.status)
    const server = nameIn(fields, NAMES.server)
    return {
      t: secondsOf(textOf(fields, time), time, timeUnit),
      method: isNone(verb) ? 'GET' : methodOf(verb, method!),
      path: path === undefined ? '/' : pathOf(textOf(fields, path), path),
      key: key === undefined ? '' : textOf(fields, key),
      bytes: bytes === undefined ? undefined : countOf(textOf(fields, bytes), bytes),
      status: status === undefined ? undefined : countOf(textOf(fields, status), status),
      work: this.work(fields),
      server: server === undefined ? undefined : textOf(fields, server),
    }
  }

  private work(fields: Fields): number | undefined {
    const { work } = this.choice
    if (work === undefined) {
      const name = nameIn(fields, NAMES.work)
      return name === undefined ? undefined : amountOf(textOf(fields, name), name)
    }
    for (let i = 0; i < work.names.length; i++) {
      const name = work.names[i]
      if (!Object.hasOwn(fields, name)) throw new LineError(`there is no ${clip(name)}`)
      const value = numberOf(textOf(fields, name))
      if (value === undefined) throw complaint(name, 'must be a number', textOf(fields, name))
      this.values[i] = value
    }
    return workOf(work.value(this.values))
  }
}

/** Throws a `LineError` for what is no JSON object. */
export function objectOf(line: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new LineError(`is no JSON: "${clip(line)}"`)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new LineError(`is no JSON object: "${clip(line)}"`)
}

/** The first of these names that the object has with a value. */
function nameIn(fields: Fields, names: readonly string[]): string | undefined {
  for (const name of names) {
    if (Object.hasOwn(fields, name) && fields[name] !== null) return name
  }
  return undefined
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value === 'string') return bytesOf(value)
  if (typeof value === 'number') return String(value)
  throw complaint(name, 'must be a text or a number', JSON.stringify(value))
}

/**
 * A text as its bytes, one character each, as everything in a trace is: what stands behind an escape beyond them becomes UTF-8.
 */
export function bytesOf(text: string): string {
  if (!/[\u0100-\uffff]/.test(text)) return text
  return text
    .toWellFormed()
    .replace(/[\u0100-\uffff]+/g, (wide) =>
      encodeURIComponent(wide).replace(/%(..)/g, (_, code: string) =>
        String.fromCharCode(parseInt(code, 16)),
      ),
    )
}
