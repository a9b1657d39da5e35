import { fileURLToPath } from 'node:url'
import { SOURCES as FAKE_SOURCES } from '../../backends/settings.ts'
import { SOURCES as PROXY_SOURCES } from '../../proxy/config-sources.ts'
import type { ChildProgram } from './child.ts'
import type { UpOptions } from './options.ts'

const FAKE = fileURLToPath(new URL('../../backends/main.ts', import.meta.url))
const PROXY = fileURLToPath(new URL('../../proxy/main.ts', import.meta.url))

/**
 * Three kinds of fakes, unequal on purpose, and then the same again: each is twice as slow as the one before and has half
 * its weight. With 16 workers and means of 10, 20 and 40 ms they can do 1600, 800 and 400 requests a second: a strategy that
 * shares equally drowns the last one long before the first is busy.
 */
const KINDS = [
  { min: 5, max: 15, weight: 4 },
  { min: 10, max: 30, weight: 2 },
  { min: 20, max: 60, weight: 1 },
]
const CONCURRENCY = 16

/** What the surroundings set for programs of ours must not leak into these: theirs is said here. */
const OWN_VARIABLES = new Set<string | undefined>(
  [...PROXY_SOURCES, ...FAKE_SOURCES].map(({ variable }) => variable).concat('EVENKEEL_CONFIG'),
)

/** `port`: the one that it had before; undefined for its first start. */
export function fakeProgram(
  options: UpOptions,
  index: number,
  port: string | undefined,
): ChildProgram {
  const id = `b${index + 1}`
  const kind = KINDS[index % KINDS.length]
  const first = options.backendPort === 0 ? 0 : options.backendPort + index
  const last = index === options.servers - 1
  return {
    name: id,
    file: FAKE,
    arguments: [],
    environment: {
      ...surroundings(),
      SERVER_ID: id,
      HOST: options.host,
      PORT: port ?? String(first),
      MIN_LATENCY: String(kind.min),
      MAX_LATENCY: String(kind.max),
      FAILURE_RATE: String(last ? options.failureRate : 0),
      CONCURRENCY: String(CONCURRENCY),
      SEED: String((options.seed + index) >>> 0),
    },
  }
}

/** The configuration file of the proxy: JSON is YAML too. */
export function proxyConfiguration(
  options: UpOptions,
  fakes: readonly { id: string; url: string }[],
  page: string,
): string {
  return JSON.stringify({
    listen: { host: options.host, port: options.port },
    strategy: options.algorithm,
    servers: fakes.map(({ id, url }, i) => ({ id, url, weight: KINDS[i % KINDS.length].weight })),
    // Whoever asks is named in a field, because all requests come from one address here.
    affinity: { header: 'x-client' },
    accessLog: false,
    // Only the desk in front of it is for people.
    admin: { host: '127.0.0.1', port: 0, page },
    seed: options.seed,
  })
}

export function proxyProgram(configuration: string): ChildProgram {
  return {
    name: 'proxy',
    file: PROXY,
    arguments: ['--config', configuration],
    environment: surroundings(),
  }
}

function surroundings(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !OWN_VARIABLES.has(name))
  return Object.fromEntries(kept)
}
