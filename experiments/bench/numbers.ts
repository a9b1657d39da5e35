import { InvalidArgumentError } from 'commander'

/** Reads a flag's number, for commander: `above` 0 unless said otherwise. */
export function above(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && value > least && Number.isFinite(value)) return value
    throw new InvalidArgumentError(`must be a number above ${least}.`)
  }
}

export function whole(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new InvalidArgumentError('must be a whole number above 0.')
}

/** `3,10,1000`: how many servers a strategy chooses among. */
export function sizes(text: string): number[] {
  return text.split(',').map((part) => {
    const count = whole(part)
    if (count >= 2 && count <= 1000) return count
    throw new InvalidArgumentError('must be whole numbers from 2 to 1000.')
  })
}

const UNITS: Record<string, number> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }

/** `1GiB`, `64MiB`, `512KiB` or bytes. */
export function size(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(KiB|MiB|GiB)?$/.exec(text.trim()) ?? []
  const bytes = Math.round(Number(digits) * (unit === undefined ? 1 : UNITS[unit]))
  if (bytes > 0 && Number.isSafeInteger(bytes)) return bytes
  throw new InvalidArgumentError('must be a size like 1GiB, 64MiB or 4096.')
}
