/** What specs must obey. Each check gives the value back, or throws a `RangeError` that names the path and the rule. */

export function above0(value: number, path: string): number {
  if (Number.isFinite(value) && value > 0) return value
  throw new RangeError(`${path} must be above 0, got ${String(value)}`)
}

export function atLeast(value: number, least: number, path: string): number {
  if (Number.isFinite(value) && value >= least) return value
  throw new RangeError(`${path} must be at least ${least}, got ${String(value)}`)
}

/** For the upper of two ends, whose lower one is at `lowerPath`. */
export function notBelow(value: number, lower: number, path: string, lowerPath: string): number {
  if (Number.isFinite(value) && value >= lower) return value
  throw new RangeError(`${path} must be at least ${lowerPath} (${lower}), got ${String(value)}`)
}

export function between(value: number, least: number, most: number, path: string): number {
  if (value >= least && value <= most) return value
  throw new RangeError(`${path} must be from ${least} to ${most}, got ${String(value)}`)
}

export function whole(value: number, least: number, most: number, path: string): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new RangeError(
    `${path} must be a whole number from ${least} to ${most}, got ${String(value)}`,
  )
}

/** A list with something in it. */
export function listed<T>(value: readonly T[], path: string): readonly T[] {
  if (Array.isArray(value) && value.length > 0) return value
  throw new RangeError(`${path} must be a list with at least one entry`)
}

/** A list of numbers, whatever they are, or an array of floats. */
export function numbers(value: ArrayLike<number>, path: string): ArrayLike<number> {
  if (value instanceof Float64Array) return value
  if (Array.isArray(value) && value.every((each) => typeof each === 'number')) return value
  throw new RangeError(`${path} must be a list of numbers`)
}

/** For what the types rule out but a file can hold. */
export function oneOf<T extends string>(value: T, known: readonly T[], path: string): T {
  if (known.includes(value)) return value
  throw new RangeError(`${path} must be one of ${known.join(', ')}, got ${value}`)
}

/** For a `type` that is none of the known. */
export function unknownType(spec: never, path: string, known: string): RangeError {
  const { type } = spec as { type: unknown }
  return new RangeError(`${path}.type must be one of ${known}, got ${String(type)}`)
}
