import { didYouMean } from './did-you-mean.ts'

/** Where something is in a file: `['servers', 2, 'weight']`. */
export type Path = readonly (string | number)[]

/** One thing that is wrong, and where. */
export interface Problem {
  readonly path: Path
  /** What is wrong there: `must be at least 0, got -3`. */
  readonly text: string
  /** The key itself is wrong, not its value. */
  readonly atKey?: boolean
}

/** `servers[2].weight` */
export function writePath(path: Path, start = ''): string {
  let text = start
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`
    else text += `${text === '' ? '' : '.'}${/^[\w-]+$/.test(key) ? key : JSON.stringify(key)}`
  }
  return text
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value in a few words, on one line, without any password that a URL may carry. */
export function show(value: unknown): string {
  if (Array.isArray(value)) {
    const plain = value.length < 5 && value.every((item) => typeof item !== 'object')
    return plain ? `[${value.map(show).join(', ')}]` : 'a list'
  }
  if (isMapping(value)) return 'a mapping'
  if (typeof value === 'function') return 'a function'
  if (typeof value !== 'string') return String(value)
  const safe = value.replace(/\/\/.*@/, '//***@')
  return JSON.stringify(safe.length > 80 ? `${safe.slice(0, 80)}…` : safe)
}

/** What to say of a key that is none of the known. */
export function unknownKey(key: string, known: readonly string[]): string {
  const meant = didYouMean(key, known)
  if (meant !== undefined) return `is not a key: did you mean ${meant}?`
  return `is not a key: there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`
}
