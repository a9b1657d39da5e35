/** Everything that can be set about one fake, checked and complete. Times are milliseconds. */
export interface FakeSettings {
  /** What it calls itself in every answer. */
  id: string
  host: string
  port: number
  /** The share of requests that get a 500, from 0 to 1. */
  failureRate: number
  /** Service takes some time between these two, each as likely as another. */
  minLatency: number
  maxLatency: number
  /** Requests served at a time; `Infinity`: no limit. */
  concurrency: number
  /** Requests that may wait; `Infinity`: no limit. */
  queue: number
  /** Repeats every random choice of a server with this id; drawn afresh when it was not given. */
  seed: number
}

/** A variable of the environment, and the flag that stands for it on the command line. */
export interface Source {
  variable: string
  flag: string
  /** What `--help` calls the flag's value: `time`. */
  argument: string
  help: string
  /** As `--help` says it. */
  default: string
}

export const SOURCES: readonly Source[] = [
  {
    variable: 'SERVER_ID',
    flag: 'server-id',
    argument: 'name',
    help: 'what it calls itself in every answer',
    default: 'b1',
  },
  {
    variable: 'HOST',
    flag: 'host',
    argument: 'address',
    help: 'address to listen on',
    default: '0.0.0.0',
  },
  {
    variable: 'PORT',
    flag: 'port',
    argument: 'number',
    help: 'port to listen on; 0 takes a free one',
    default: '9001',
  },
  {
    variable: 'FAILURE_RATE',
    flag: 'failure-rate',
    argument: 'share',
    help: 'share of requests that it answers with 500, from 0 to 1',
    default: '0',
  },
  {
    variable: 'MIN_LATENCY',
    flag: 'min-latency',
    argument: 'time',
    help: 'shortest time that it serves a request for',
    default: '5ms',
  },
  {
    variable: 'MAX_LATENCY',
    flag: 'max-latency',
    argument: 'time',
    help: 'longest time that it serves a request for',
    default: '25ms',
  },
  {
    variable: 'CONCURRENCY',
    flag: 'concurrency',
    argument: 'number',
    help: 'requests that it serves at a time; others wait',
    default: 'no limit',
  },
  {
    variable: 'QUEUE',
    flag: 'queue',
    argument: 'number',
    help: 'requests that may wait; beyond them it answers 503',
    default: 'no limit',
  },
  {
    variable: 'SEED',
    flag: 'seed',
    argument: 'number',
    help: 'makes its random choices repeatable; a whole number from 0 to 4294967295',
    default: 'drawn afresh',
  },
]

/** A database-backed page of a healthy shop; wide enough that strategies which look at latency have something to see. */
const MIN_LATENCY = 5
const MAX_LATENCY = 25

/** Longer than anybody waits, and well within what Node's timers can (2^31 - 1 ms). */
export const LONGEST_LATENCY = 3_600_000

const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s|m)?$/
const MILLISECONDS: Record<string, number> = { ms: 1, s: 1000, m: 60_000 }

/** Everything that is wrong with the settings, a line each. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/** Values by variable. An empty one counts as not given: compose files cannot write "unset" otherwise. */
export type Values = Readonly<Record<string, string | undefined>>

/**
 * Reads the settings of a fake; a flag, listed under the name of its variable, wins. Throws a `SettingsError`.
 *
 * Where only one end of the latency is given, the other gives way if it must: MIN_LATENCY=100 alone means 100 to 120 ms, the
 * default's width, and MAX_LATENCY=2 alone means 2 ms always.
 */
export function readSettings(env: Values, flags: Values = {}): FakeSettings {
  const reader = new Reader(env, flags)
  const min = reader.duration('MIN_LATENCY')
  const max = reader.duration('MAX_LATENCY')
  const settings: FakeSettings = {
    id:
      reader.text('SERVER_ID', /^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits or . _ -') ??
      'b1',
    host: reader.text('HOST', /^\S+$/, 'must be a host name or address') ?? '0.0.0.0',
    port: reader.integer('PORT', 0, 65_535) ?? 9001,
    failureRate: reader.share('FAILURE_RATE') ?? 0,
    minLatency: min ?? Math.min(MIN_LATENCY, max ?? Infinity),
    maxLatency:
      max ??
      (min === undefined || min <= MAX_LATENCY ? MAX_LATENCY : min + MAX_LATENCY - MIN_LATENCY),
    concurrency: reader.integer('CONCURRENCY', 1) ?? Infinity,
    queue: reader.integer('QUEUE', 0) ?? Infinity,
    seed: reader.integer('SEED', 0, 2 ** 32 - 1) ?? Math.floor(Math.random() * 2 ** 32),
  }
  if (min !== undefined && max !== undefined && min > max) {
    reader.complain('MIN_LATENCY', `must be at most ${reader.nameOf('MAX_LATENCY')} (${max} ms)`)
  }
  if (reader.problems.length > 0) throw new SettingsError(reader.problems)
  return settings
}

/** Collects what is wrong instead of stopping at the first thing. */
class Reader {
  readonly problems: string[] = []
  private readonly env: Values
  private readonly flags: Values

  constructor(env: Values, flags: Values) {
    this.env = env
    this.flags = flags
  }

  text(variable: string, pattern: RegExp, rule: string): string | undefined {
    const text = this.given(variable)
    if (text === undefined || pattern.test(text)) return text
    return this.complain(variable, rule)
  }

  integer(variable: string, least: number, most = Number.MAX_SAFE_INTEGER): number | undefined {
    const value = this.number(variable)
    if (value === undefined) return undefined
    if (Number.isInteger(value) && value >= least && value <= most) return value
    const range =
      most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
    return this.complain(variable, `must be a whole number ${range}`)
  }

  share(variable: string): number | undefined {
    const value = this.number(variable)
    if (value === undefined || (value >= 0 && value <= 1)) return value
    return this.complain(variable, 'must be from 0 to 1')
  }

  duration(variable: string): number | undefined {
    const text = this.given(variable)
    if (text === undefined) return undefined
    const parts = DURATION.exec(text)
    if (parts === null) return this.complain(variable, 'must be a duration like 50, 50ms or 0.05s')
    // Rounded to a millionth, so that 0.07s is 70 ms and not 70.00000000000001.
    const value = Math.round(Number(parts[1]) * MILLISECONDS[parts[2] ?? 'ms'] * 1e6) / 1e6
    if (value <= LONGEST_LATENCY) return value
    return this.complain(variable, 'must be at most 60m')
  }

  complain(variable: string, rule: string): undefined {
    this.problems.push(`${this.nameOf(variable)} ${rule}, got ${this.given(variable)}`)
  }

  /** As the user wrote it. */
  nameOf(variable: string): string {
    if (!this.flags[variable]) return variable
    return `--${SOURCES.find((source) => source.variable === variable)!.flag}`
  }

  /** `NaN` for what is no decimal number. */
  private number(variable: string): number | undefined {
    const text = this.given(variable)
    if (text === undefined) return undefined
    return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
  }

  private given(variable: string): string | undefined {
    const text = (this.flags[variable] || this.env[variable])?.trim()
    return text === '' ? undefined : text
  }
}
