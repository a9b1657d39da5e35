import { z } from 'zod'
import { integer, matching } from './config-values.ts'

/**
 * A mapping with these keys and no others. An unknown key is told by the keys that there are, since nothing else reaches
 * the formatter in `config-problems.ts`.
 */
export function mapping<Shape extends z.ZodRawShape>(shape: Shape, rule = 'must be a mapping') {
  const keys = Object.keys(shape).join(' ')
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? keys : rule),
  })
}

/** The short form or the long one. Told apart by whether it is a mapping, here and where problems are told. */
export function either<Short extends z.ZodType, Long extends z.ZodType>(short: Short, long: Long) {
  return z.union([short, long])
}

export const port = integer(0, 65_535)
export const address = matching(/^[\w.:%-]+$/, 'must be an address or a host name')
