import { isIP } from 'node:net'
import { z } from 'zod'
import { millisecondsOf } from './core/duration.ts'
import { faultOfWeight } from './core/endpoint.ts'

/** The longest that a timer of Node's can wait; a longer one would fire at once. */
const LONGEST = 2 ** 31 - 1

const SIZE = /^(-?\d+(?:\.\d+)?)\s*(B|KiB|MiB)?$/
const SHARE = /^(-?\d+(?:\.\d+)?)\s*%$/
const BYTES: Record<string, number> = { B: 1, KiB: 1024, MiB: 1024 * 1024 }

/** What a value must be and is not: `must be at least 0`. */
export class Wrong {
  readonly rule: string

  constructor(rule: string) {
    this.rule = rule
  }
}

export const wrong = (rule: string): Wrong => new Wrong(rule)

/** A zod type around a plain function, which gives the value to use or what is wrong with it. */
export function checked<T>(check: (value: unknown) => T | Wrong) {
  return z.unknown().transform((value, context): T => {
    const result = check(value)
    if (!(result instanceof Wrong)) return result
    context.addIssue({ code: 'custom', message: result.rule, input: value })
    return z.NEVER
  })
}

/**
 * Milliseconds, above 0: `50ms`, `2s`, `0.05s`, `1m`. A bare number is refused, because proxies disagree about what it is:
 * to HAProxy milliseconds, to nginx seconds.
 */
export const duration = checked((value) => readDuration(value))

/** What `duration` does, for what is checked elsewhere, and may be 0 there. */
export function readDuration(value: unknown, zero = false): number | Wrong {
  const milliseconds = typeof value === 'string' ? millisecondsOf(value) : undefined
  const given = milliseconds ?? value
  if (typeof given === 'number' && (given < 0 || (given === 0 && !zero))) {
    return wrong(zero ? 'must be at least 0s' : 'must be above 0')
  }
  if (milliseconds === undefined)
    return wrong('must be a duration with a unit like 500ms, 2s or 1m')
  if (milliseconds > LONGEST) return wrong('must be at most 24 days')
  return milliseconds
}

/** Whole bytes, at least `least`: a bare number, `16KiB`, `1MiB`. */
export function size(least: number, most = Number.MAX_SAFE_INTEGER) {
  return checked((value) => {
    const bytes = bytesOf(value)
    if (bytes === undefined) return wrong('must be a size like 8192, 16KiB or 1MiB')
    if (bytes < least) return wrong(`must be at least ${least}`)
    if (bytes > most) return wrong(`must be at most ${most} bytes`)
    if (!Number.isSafeInteger(bytes)) return wrong('must be a whole number of bytes')
    return bytes
  })
}

/** From 0 to 1: `0.2` or `20%`. */
export const share = checked(readShare)

/** Likewise; false is 0. */
export const shareOrOff = checked((value) => (value === false ? 0 : readShare(value)))

export function readShare(value: unknown): number | Wrong {
  const percent = typeof value === 'string' ? SHARE.exec(value.trim()) : null
  const part = percent === null ? value : Number(percent[1]) / 100
  if (typeof part === 'number' && part >= 0 && part <= 1) return part
  return wrong('must be a share from 0 to 1, or from 0% to 100%')
}

export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER) {
  return checked((value) => {
    if (!Number.isInteger(value)) return wrong('must be a whole number')
    const number = value as number
    if (number < least) return wrong(`must be at least ${least}`)
    if (number > most) return wrong(`must be at most ${most}`)
    return number
  })
}

/** A server's, as the balancer wants it. */
export const weight = checked((value) => {
  const fault = Number.isNaN(value) ? 'must be a number' : faultOfWeight(value)
  return fault === undefined ? (value as number) : wrong(fault)
})

/** A finite number, at least 0. */
export const amount = checked((value) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) return wrong('must be a number')
  if (value < 0) return wrong('must be at least 0')
  return value
})

/** A text of that shape. */
export function matching(pattern: RegExp, rule: string) {
  return checked((value) => {
    return typeof value === 'string' && pattern.test(value) ? value : wrong(rule)
  })
}

/** An IP address or a range of them: `10.0.0.0/8`; or `unix`, for peers on Unix sockets. */
export const network = checked((value) => {
  if (value === 'unix') return value
  const [, address, bits] =
    /^([^/]*)(?:\/(\d{1,3}))?$/.exec(typeof value === 'string' ? value : '') ?? []
  const version = isIP(address ?? '')
  const most = version === 4 ? 32 : 128
  if (version !== 0 && Number(bits ?? 0) <= most) return value as string
  return wrong('must be an address or a range like 10.0.0.0/8')
})

function bytesOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  const [, number, unit = 'B'] = (typeof value === 'string' ? SIZE.exec(value.trim()) : null) ?? []
  // Rounded to a millionth, so that 0.3KiB is 307.2 bytes, and told as no whole number, not as 307.19999999999999.
  return number === undefined ? undefined : Math.round(Number(number) * BYTES[unit] * 1e6) / 1e6
}
