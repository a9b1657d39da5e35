import { z } from 'zod'
import type { HedgeOptions } from './core/hedging.ts'
import { listen } from './config-listen.ts'
import { address, either, mapping, port } from './config-shapes.ts'
import { affinity, stickiness } from './config-stickiness.ts'
import * as upstream from './config-upstream.ts'
import * as values from './config-values.ts'

const { amount, checked, duration, integer, matching, network, share, shareOrOff, size } = values

const off = z.literal(false, 'must be a mapping or false')

const path = (usual: string) =>
  matching(/^\/[!-~]*$/, `must be a path like ${usual}`).default(usual)

const health = mapping({
  path: path('/health'),
  interval: duration.default(2000),
  timeout: duration.default(1000),
  fall: integer(1).default(3),
  rise: integer(1).default(2),
})

const slowStart = mapping({
  duration: duration.default(60_000),
  aggression: checked((value) => {
    const given = typeof value === 'number' && value > 0 && value <= 100
    return given ? value : values.wrong('must be a number above 0 and up to 100')
  }).default(1),
  floor: share.default(0.1),
})

const probes = mapping({ path: path('/probe'), timeout: duration.default(1000) })

const timeouts = mapping({
  connect: duration.default(3000),
  response: duration.default(15_000),
  idleBody: duration.default(60_000),
  total: duration.default(60_000),
  clientHeader: duration.default(10_000),
  clientBody: duration.default(30_000),
  clientIdle: duration.default(65_000),
  upstreamIdle: duration.default(30_000),
  stop: duration.default(30_000),
  notice: checked((value) => values.readDuration(value, true)).default(0),
  tunnelIdle: duration.default(3_600_000),
  tunnelDrain: duration.default(300_000),
})

const retries = mapping(
  {
    attempts: integer(0).default(1),
    budget: share.default(0.2),
    minPerSecond: amount.default(3),
  },
  'must be a mapping (attempts: 0 switches retries off)',
)

const hedging = mapping({
  delay: duration.exactOptional(),
  quantile: checked((value) => {
    const part = values.readShare(value)
    if (part instanceof values.Wrong) return part
    const given = part >= 0.5 && part <= 0.999
    return given ? part : values.wrong('must be a share from 50% to 99.9%')
  }).exactOptional(),
})
  .refine(
    ({ delay, quantile }) => (delay === undefined) !== (quantile === undefined),
    'must have either delay or quantile',
  )
  .transform(({ delay, quantile }): HedgeOptions =>
    delay === undefined ? { quantile: quantile! } : { delay },
  )

/** A head is held in memory as a whole, for every connection that sends one. */
const LARGEST_HEAD = 1024 * 1024

const connections = checked((value) => {
  if (value === 'auto' || value === false) return value
  if (Number.isInteger(value) && (value as number) > 0) return value as number
  return values.wrong('must be a whole number from 1 up, auto or false')
})

const limits = mapping({
  headSize: size(1, LARGEST_HEAD).default(16 * 1024),
  fields: integer(1).default(100),
  target: size(1, LARGEST_HEAD).default(8 * 1024),
  body: size(1).exactOptional(),
  streams: integer(1).default(100),
  replay: size(0).default(64 * 1024),
  connections: connections.default('auto'),
  connectionsPerAddress: integer(1).exactOptional(),
})

const accessLog = checked((value) => {
  if (value === 'stdout') return value
  if (value === false || value === 'off') return false
  // A bare word is more likely a wish than the name of a file.
  if (typeof value === 'string' && /[/\\.]/.test(value)) return { file: value }
  return values.wrong('must be stdout, off or a file like ./access.log')
})

const stats = mapping({
  prefix: matching(/^(\/[\w.~-]+)+$/, 'must be a path like /lb, with no slash at its end').default(
    '/lb',
  ),
})

/**
 * Names of protocols, without version. Not HTTP/2: whoever may speak it through a tunnel sends requests that the proxy does not see
 * (Miller, "h2c Smuggling: Request Smuggling Via HTTP/2 Cleartext", Bishop Fox, 2020).
 */
const upgrades = z.preprocess(
  (value) => (value === false ? [] : value),
  z.array(
    checked((value) => {
      if (typeof value !== 'string' || !/^[\w!#$%&'*+.^`|~-]+$/.test(value)) {
        return values.wrong('must be the name of a protocol like websocket')
      }
      const name = value.toLowerCase()
      return name === 'h2c' || name === 'http'
        ? values.wrong('must not be HTTP: its requests would pass the proxy unseen')
        : name
    }),
    'must be a list of protocols, or false',
  ),
)

const ejection = mapping({
  consecutive: integer(1).default(5),
  base: duration.default(10_000),
  max: duration.default(300_000),
  share: share.default(0.5),
})
const queue = mapping({ length: integer(0).default(1024), timeout: duration.default(5000) })
const admin = mapping({
  host: address.default('127.0.0.1'),
  /** `off` is for ADMIN_PORT, since a variable cannot say `admin: false`. */
  port: z.union([port, z.literal('off')]).default(8081),
  /** Of what fits into a field of a request; long enough not to be guessed. */
  token: matching(/^[!-~]{16,}$/, 'must be 16 visible ASCII characters or more').exactOptional(),
  /** Of something in front of it that adds to it: the page on the main port sends people there. */
  page: matching(/^https?:\/\/[^/?#\s]+$/, 'must be a URL without a path').exactOptional(),
}).transform(({ port, ...rest }) => (port === 'off' ? false : { ...rest, port }))

/** Some hundred bytes each, or a few KiB in a large pool. */
const explain = mapping({ size: integer(1, 100_000).default(1000) })

/** Far beyond any machine's cores; a slip of the finger should not start thousands of threads. */
const MOST_WORKERS = 256

/** The file, with every default: what is written there is what each setting is when nothing says otherwise. */
export const CONFIGURATION = mapping({
  listen: listen.prefault({}),
  /** Judged by `config-strategy.ts`: what is allowed in it depends on which it is. */
  strategy: z.unknown(),
  servers: z.array(upstream.server, 'must be a list').default([]),
  tls: upstream.tls.prefault({}),
  dns: upstream.dns.prefault({}),
  health: either(off, health).prefault({}),
  slowStart: either(off, slowStart).default(false),
  probes: probes.prefault({}),
  timeouts: timeouts.prefault({}),
  retries: retries.prefault({}),
  hedging: either(off, hedging).default(false),
  ejection: either(off, ejection).prefault({}),
  panic: shareOrOff.default(0.5),
  queue: either(off, queue).prefault({}),
  limits: limits.prefault({}),
  accessLog: accessLog.default('stdout'),
  trustedProxies: z.array(network, 'must be a list').default([]),
  /** Left out it is what sessions go by, or else the address. */
  affinity: affinity.exactOptional(),
  stickiness: stickiness.default(false),
  upgrades: upgrades.default(['websocket']),
  tracing: z.boolean('must be true or false').default(false),
  admin: either(off, admin).prefault({}),
  explain: either(off, explain).prefault({}),
  stats: either(off, stats).prefault({}),
  workers: either(
    z.literal('auto', `must be a whole number from 1 to ${MOST_WORKERS}, or auto`),
    integer(1, MOST_WORKERS),
  ).default(1),
  seed: integer(0, 2 ** 32 - 1).exactOptional(),
})
