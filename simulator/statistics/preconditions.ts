/**
 * What formulas ask of their arguments. Each check gives the value back, or throws a `RangeError` that names it and the rule.
 */

export function positive(value: number, name: string): number {
  if (Number.isFinite(value) && value > 0) return value
  throw new RangeError(`${name} must be above 0, got ${value}`)
}

export function notNegative(value: number, name: string): number {
  if (Number.isFinite(value) && value >= 0) return value
  throw new RangeError(`${name} must be at least 0, got ${value}`)
}

export function whole(value: number, name: string, least = 1): number {
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new RangeError(`${name} must be a whole number of at least ${least}, got ${value}`)
}

/** 0 and 1 included. */
export function probability(value: number, name: string): number {
  if (value >= 0 && value <= 1) return value
  throw new RangeError(`${name} must be from 0 to 1, got ${value}`)
}

/** 0 and 1 excluded: for quantiles and levels of confidence. */
export function between0and1(value: number, name: string): number {
  if (value > 0 && value < 1) return value
  throw new RangeError(`${name} must be above 0 and below 1, got ${value}`)
}

/** How busy a server is that never turns anybody away. From 1 on its queue grows for ever, and means and quantiles are of nothing. */
export function stable(rho: number, name = 'rho'): number {
  notNegative(rho, name)
  if (rho < 1) return rho
  throw new RangeError(`${name} must be below 1, got ${rho}: from 1 on there is no steady state`)
}

/** Numbers to be worked on, all of them finite. */
export function finite(values: ArrayLike<number>, name: string): ArrayLike<number> {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(`${name}[${i}] must be a finite number, got ${values[i]}`)
    }
  }
  return values
}
