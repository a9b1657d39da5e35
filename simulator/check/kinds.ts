import { millisecondsOf } from '../../proxy/core/duration.ts'
import { isMapping, type Path, show, unknownKey } from '../../proxy/core/problems.ts'
import type { Findings } from './findings.ts'

/** What a value can be. */
export interface Kind {
  /** In a few words: `a whole number`. */
  readonly says: string
  /** Gives the value as the simulator wants it (durations in milliseconds), and adds what is wrong with it to the findings. */
  read(value: unknown, path: Path, findings: Findings): unknown
}

export interface Field {
  readonly kind: Kind
  readonly help: string
  readonly required: boolean
  /** What holds where it is left out; empty if that goes without saying. */
  readonly fallback: string
}

export type Fields = Readonly<Record<string, Field>>

/** The fields of a type, none left out and none made up: the compiler holds the two together. */
export type FieldsOf<T> = {
  readonly [K in keyof T]-?: Field & {
    readonly required: Partial<Pick<T, K>> extends Pick<T, K> ? false : true
  }
}

export function required(kind: Kind, help: string): Field & { required: true } {
  return { kind, help, required: true, fallback: '' }
}

export function optional(kind: Kind, help: string, fallback = ''): Field & { required: false } {
  return { kind, help, required: false, fallback }
}

/** Times beyond are mistakes, and so large that the clock would stand still when a microsecond is added: some thirty years. */
export const LONGEST = 1e12

/** A check throws a `RangeError` that begins with the path. */
type Check = (value: number, path: string) => unknown

export function number(says: string, check: Check = () => {}, most = Number.MAX_VALUE): Kind {
  return {
    says,
    read(value, path, findings) {
      if (typeof value !== 'number' || Number.isNaN(value)) {
        findings.add(path, `must be ${says}, got ${show(value)}`)
      } else if (value > most && value < Infinity) {
        findings.add(path, `must be at most ${most}, got ${value}`)
      } else findings.try(path, (written) => check(value, written))
      return value
    },
  }
}

/** Milliseconds, or a text with a unit as the proxy's configuration has it. */
export function time(says: string, check?: Check): Kind {
  const milliseconds = number(
    `${says} in milliseconds, or with a unit like 5ms, 30s or 2m`,
    check,
    LONGEST,
  )
  return {
    says: `${says} (a time)`,
    read(value, path, findings) {
      const given = typeof value === 'string' ? (millisecondsOf(value) ?? value) : value
      return milliseconds.read(given, path, findings)
    },
  }
}

export const flag: Kind = {
  says: '`true` or `false`',
  read(value, path, findings) {
    if (typeof value !== 'boolean') findings.add(path, `must be true or false, got ${show(value)}`)
    return value
  },
}

export function text(says: string, pattern: RegExp): Kind {
  return {
    says,
    read(value, path, findings) {
      if (typeof value !== 'string' || !pattern.test(value))
        findings.add(path, `must be ${says}, got ${show(value)}`)
      return value
    },
  }
}

export function oneOf(...known: readonly (string | boolean)[]): Kind {
  return {
    says: known.map((each) => `\`${each}\``).join(', '),
    read(value, path, findings) {
      if (!known.includes(value as string))
        findings.add(path, `must be one of ${known.join(', ')}, got ${show(value)}`)
      return value
    },
  }
}

/** A list with something in it. */
export function list(says: string, kind: Kind): Kind {
  return {
    says,
    read(value, path, findings) {
      if (!Array.isArray(value) || value.length === 0) {
        const got = Array.isArray(value) ? 'an empty list' : show(value)
        findings.add(path, `must be a list with at least one entry, got ${got}`)
        return value
      }
      const read: unknown[] = []
      findings.each(value, (each, i) => {
        read[i] = kind.read(each, [...path, i], findings)
      })
      return read
    },
  }
}

/** `then`: looks at the whole once its parts are right. */
type Then = (whole: never, path: Path, findings: Findings) => void

export function mapping(says: string, fields: Fields, then?: Then): Kind {
  return {
    says,
    read(value, path, findings) {
      if (!isMapping(value)) {
        findings.add(path, `must be a mapping, got ${show(value)}`)
        return value
      }
      const before = findings.count
      const read: Record<string, unknown> = {}
      for (const [name, { kind, required: needed }] of Object.entries(fields)) {
        const given = Object.hasOwn(value, name) ? value[name] : undefined
        if (given !== undefined) read[name] = kind.read(given, [...path, name], findings)
        else if (needed) findings.add([...path, name], 'is required')
      }
      const known = Object.keys(fields)
      for (const key of Object.keys(value)) {
        if (!known.includes(key)) findings.add([...path, key], unknownKey(key, known), true)
      }
      if (findings.count === before) then?.(read as never, path, findings)
      return read
    },
  }
}
