import { resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { isStrategyPath } from '../../proxy/strategy-path.ts'
import { didYouMean } from '../../proxy/core/did-you-mean.ts'
import { findStrategy, STRATEGIES } from '../../proxy/strategies/index.ts'

/** What `evenkeel up` was asked for, checked. */
export interface UpOptions {
  /** A name that the registry of strategies knows, or the absolute path of a file of the user's. */
  algorithm: string
  /** How many fakes. */
  servers: number
  /** Requests per second; undefined when a trace says. */
  rate: number | undefined
  /** Milliseconds; undefined: until Ctrl-C, or the end of the trace. */
  duration: number | undefined
  trace: string | undefined
  speed: number
  host: string
  port: number
  backendPort: number
  /** Of the page that can act; undefined: the one after `port`, or a free one where that is taken. */
  adminPort: number | undefined
  /** The share of requests that the last fake answers with 500. */
  failureRate: number
  seed: number
}

/** Flags as commander gives them. */
export interface UpFlags extends Omit<UpOptions, 'adminPort' | 'speed' | 'rate'> {
  adminPort?: number
  rate?: number
  speed?: number
}

export const DEFAULT_RATE = 100
/** How long the last requests may take after the end, in milliseconds. */
export const LAST_REQUESTS = 10_000
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/
const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const LONGEST = 24 * 3_600_000

export function readAlgorithm(text: string): string {
  // A variable that is empty counts as not set, as compose files leave them.
  if (text.trim() === '') return 'round_robin'
  // An absolute one, since the proxy's configuration, in which it will stand, is in another folder.
  if (isStrategyPath(text.trim())) return resolve(text.trim())
  const strategy = findStrategy(text.trim())
  if (strategy?.simulatorOnly === true)
    throw new InvalidArgumentError(`${strategy.name} is for the simulator only.`)
  if (strategy !== undefined) return strategy.name
  const names = STRATEGIES.filter((each) => each.simulatorOnly !== true).map(({ name }) => name)
  const meant = didYouMean(text, [...names, ...STRATEGIES.flatMap(({ aliases }) => aliases)])
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
  throw new InvalidArgumentError(
    `There are: ${names.join(', ')}, and files of your own like ./my-strategy.ts.${hint}`,
  )
}

/** Reads a whole number from `least` to `most`. */
export function readWhole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
  }
}

/** Reads a number above 0. */
export function readRate(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d*\.?\d+$/.test(text) && value > 0 && value <= most) return value
    throw new InvalidArgumentError(`It must be above 0 and at most ${most}.`)
  }
}

/** Milliseconds of `30s`, `2m`, `1h`, `500ms`. */
export function readDuration(text: string): number {
  const parts = DURATION.exec(text)
  const value = parts === null ? NaN : Number(parts[1]) * UNITS[parts[2]]
  if (value > 0 && value <= LONGEST) return value
  throw new InvalidArgumentError('It must be a duration like 30s or 5m, up to 24h.')
}

/** `600`, or `600x`. */
export function readSpeed(text: string): number {
  const value = Number(text.replace(/x$/i, ''))
  if (/^\d*\.?\d+x?$/i.test(text) && value > 0) return value
  throw new InvalidArgumentError('It must be above 0, like 10 or 600x.')
}

/** `0.005`, or `0.5%`. */
export function readShare(text: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text)
  if (/^\d*\.?\d+%?$/.test(text) && value <= 1) return value
  throw new InvalidArgumentError('It must be a share from 0 to 1, or from 0% to 100%.')
}

/** Flags that are each right and do not go together. */
export class FlagsError extends Error {
  override name = 'FlagsError'
}

/** Completes what was asked for. Throws a `FlagsError`. */
export function checkFlags(flags: UpFlags): UpOptions {
  const { trace, rate, speed, port, backendPort, servers } = flags
  if (trace === undefined && speed !== undefined)
    throw new FlagsError('--speed needs a --trace to replay')
  if (trace !== undefined && rate !== undefined) {
    throw new FlagsError(
      '--rate and --trace exclude each other: a trace has its own rate, which --speed changes',
    )
  }
  const last = backendPort + servers - 1
  if (backendPort > 0 && last > 65_535) {
    throw new FlagsError(
      `--backend-port ${backendPort} leaves no room for ${servers} fakes: the last port would be ${last}`,
    )
  }
  if (port > 0 && backendPort > 0 && port >= backendPort && port <= last) {
    throw new FlagsError(
      `--port ${port} is among the fakes' ports (${backendPort} to ${last}): choose another --port or --backend-port`,
    )
  }
  return {
    ...flags,
    adminPort: flags.adminPort,
    rate: trace === undefined ? (rate ?? DEFAULT_RATE) : undefined,
    speed: speed ?? 1,
  }
}

/** For flags that can be given several times. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}
