/**
 * What can be set about a strategy: described once, in plain data, for the registry's table, `--help`, the configuration's
 * checks, scenarios and the browser.
 */
export interface Option<T> {
  /** What holds when nothing is said. */
  readonly fallback: T
  /** One line for lists. */
  readonly help: string
  /** What it can be, in a few words: `a whole number from 2 to 16`. */
  readonly range: string
  /** Milliseconds: a configuration file may write `10s`. */
  readonly duration?: boolean
  /** Another strategy, in every form that a strategy can be given in. */
  readonly strategy?: boolean
  /** The value, or undefined for what it cannot be. */
  read(value: unknown): T | undefined
}

export type Options = Readonly<Record<string, Option<unknown>>>

/** The values that go with a set of options. */
export type ValuesOf<O extends Options> = {
  readonly [name in keyof O]: O[name] extends Option<infer T> ? T : never
}

/** One thing that is wrong with what was given: `choices must be a whole number from 2 to 16, got 1`. */
export interface OptionProblem {
  readonly name: string
  /** `must be a whole number from 2 to 16`; for a name that there is not, `is not an option`. */
  readonly rule: string
  readonly value: unknown
  readonly unknown: boolean
}

export function whole(least: number, most: number, fallback: number, help: string): Option<number> {
  const range = `a whole number from ${least} to ${most}`
  return {
    fallback,
    help,
    range,
    read: (value) => (Number.isInteger(value) ? within(value, least, most) : undefined),
  }
}

export function number(
  least: number,
  most: number,
  fallback: number,
  help: string,
): Option<number> {
  const range = `a number from ${least} to ${most}`
  return { fallback, help, range, read: (value) => within(value, least, most) }
}

/** For tables that are gone through in strides: where the size is prime, a stride of any length reaches every place. */
export function prime(least: number, most: number, fallback: number, help: string): Option<number> {
  const range = `a prime number from ${least} to ${most}`
  const read = (value: unknown): number | undefined => {
    const size = within(value, least, most)
    return size !== undefined && isPrime(size) ? size : undefined
  }
  return { fallback, help, range, read }
}

/** In milliseconds, above 0 and at most a day. */
export function duration(fallback: number, help: string): Option<number> {
  const [least, most] = [0.001, 86_400_000]
  const range = 'a duration above 0 and up to a day'
  return { fallback, help, range, duration: true, read: (value) => within(value, least, most) }
}

/** Likewise, or 0 for something else, which `zero` says: `0 for the typical latency`. */
export function durationOr0(fallback: number, zero: string, help: string): Option<number> {
  const above = duration(fallback, help)
  const range = `a duration of up to a day, or 0 for ${zero}`
  return { ...above, range, read: (value) => (value === 0 ? 0 : above.read(value)) }
}

export function flag(fallback: boolean, help: string): Option<boolean> {
  const read = (value: unknown): boolean | undefined =>
    typeof value === 'boolean' ? value : undefined
  return { fallback, help, range: 'true or false', read }
}

export function choice<const T extends string>(
  choices: readonly T[],
  fallback: NoInfer<T>,
  help: string,
): Option<T> {
  const read = (value: unknown): T | undefined => choices.find((each) => each === value)
  return { fallback, help, range: `one of ${choices.join(', ')}`, read }
}

/** Completes what was given with what holds otherwise, and says all that is wrong with it. */
export function readOptions<O extends Options>(
  options: O,
  given: Readonly<Record<string, unknown>> = {},
): { values: ValuesOf<O>; problems: OptionProblem[] } {
  const problems: OptionProblem[] = []
  const values: Record<string, unknown> = {}
  for (const [name, option] of Object.entries(options)) {
    const value = given[name]
    const read = value === undefined ? option.fallback : option.read(value)
    if (read === undefined)
      problems.push({ name, rule: `must be ${option.range}`, value, unknown: false })
    values[name] = read ?? option.fallback
  }
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(options, name))
      problems.push({ name, rule: 'is not an option', value, unknown: true })
  }
  return { values: values as ValuesOf<O>, problems }
}

function within(value: unknown, least: number, most: number): number | undefined {
  return typeof value === 'number' && value >= least && value <= most ? value : undefined
}

function isPrime(value: number): boolean {
  if (!Number.isInteger(value) || value < 2) return false
  for (let factor = 2; factor * factor <= value; factor++) {
    if (value % factor === 0) return false
  }
  return true
}
