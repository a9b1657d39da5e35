import { dirname } from 'node:path'
import type { z } from 'zod'
import { ConfigFile } from './config-file.ts'
import type { Given, Values } from './config-given.ts'
import { COOKIE_SECRET } from './config-sources.ts'
import { givenBy, withValue } from './config-given.ts'
import { judgeCertificates, withPaths } from './config-certificates.ts'
import { ofAdmin, samePlaces, unreachable } from './config-listen.ts'
import { logFrom } from './config-log.ts'
import { problemsOf } from './config-problems.ts'
import { CONFIGURATION } from './config-schema.ts'
import { doubtsOfStickiness, keyOfSessions } from './config-stickiness.ts'
import { isMapping, type Problem, show, writePath } from './core/problems.ts'
import { apart, usualId } from './config-names.ts'
import { readStrategy } from './config-strategy.ts'
import { fromHome, tlsProblems } from './config-tls.ts'
import { ConfigError } from './errors.ts'
import { isLoopback } from './loopback.ts'
import { LARGEST_CONFIGURATION, readNamedFile } from './named-file.ts'
import type { Settings, StrategySettings } from './settings.ts'
import { threadsOf } from './threads/reuse-port.ts'

export interface ConfigInput {
  readonly env?: Values
  /** As commander gives them: `backendServers` for `--backend-servers`; `config` names the file. */
  readonly flags?: Values
  readonly readFile?: (name: string) => string
}

export interface Configuration {
  readonly settings: Settings
  /** What was accepted but is likely not what was meant. */
  readonly warnings: readonly string[]
}

/**
 * Defaults, then the file, then variables, then flags; later wins. The sources are laid over each other first and judged
 * once, as a whole: so every message can name what the user wrote, and all of them come together. Throws a `ConfigError`.
 */
export function loadSettings(input: ConfigInput = {}): Configuration {
  const { env = {}, flags = {}, readFile = readConfiguration } = input
  const name = flags['config'] ?? (env['EVENKEEL_CONFIG'] || undefined)
  const file = typeof name === 'string' ? open(name, readFile) : undefined
  const given = givenBy(env, flags)
    .filter(({ path }) => path !== COOKIE_SECRET || hasCookie(file?.content))
    .map((each) => firstPlace(each, file?.content))
  let document: Record<string, unknown> = { strategy: 'round_robin', ...file?.content }
  for (const { path, value } of given) document = withValue(document, path, value)

  // A path in the file begins where the file is.
  const fromFile = typeof name === 'string' && !given.some(({ path }) => path[0] === 'strategy')
  const folder = typeof name === 'string' ? dirname(name) : '.'
  const home = fromFile ? folder : '.'
  const result = CONFIGURATION.safeParse(document, { reportInput: true })
  const { strategy, problems: ofStrategy } = readStrategy(document['strategy'], home)
  const listen = withPaths(result.data?.listen ?? [], folder)
  const certificates = judgeCertificates(listen, document['listen'], Date.now())
  const problems = [
    ...problemsOf(result.error?.issues ?? []),
    ...ofStrategy,
    ...samePlaces(document['listen']),
    ...ofAdmin(document),
    ...unreachable(document),
    ...certificates.problems,
    ...sameIds(document['servers']),
    ...exposed(document['admin']),
    ...tlsProblems(document, folder),
  ]
  const lines = [...(file?.problems ?? []), ...tell(problems, given, file)]
  const servers = document['servers'] ?? []
  if (Array.isArray(servers) && servers.length === 0) {
    lines.push(
      'no servers: set BACKEND_SERVERS=http://127.0.0.1:9001,http://127.0.0.1:9002, ' +
        'or use --backend-servers, or servers in a file given by --config',
    )
  }
  if (lines.length > 0 || !result.success || strategy === undefined) throw new ConfigError(lines)
  const logHome = given.some(({ path }) => path[0] === 'accessLog') ? '.' : folder
  const accessLog = logFrom(result.data.accessLog, logHome)
  const settings = { ...complete(result.data, strategy, folder), accessLog, listen }
  return { settings, warnings: [...doubtful(settings), ...certificates.warnings] }
}

function readConfiguration(name: string): string {
  return readNamedFile(name, LARGEST_CONFIGURATION)
}

function open(name: string, readFile: (name: string) => string): ConfigFile {
  let text: string
  try {
    text = readFile(name)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = { ENOENT: 'no such file', EISDIR: 'it is a directory', EACCES: 'not allowed' }
    throw new ConfigError([`cannot read ${name}: ${reason[code as 'ENOENT'] ?? message}`])
  }
  return new ConfigFile(name, text)
}

function hasCookie(content: Record<string, unknown> | undefined): boolean {
  const stickiness = content?.['stickiness']
  return isMapping(stickiness) && stickiness['cookie'] !== undefined
}

/** HOST and PORT are the first place's, where the file has a list of them. */
function firstPlace(given: Given, content: Record<string, unknown> | undefined): Given {
  const [top, ...rest] = given.path
  return top === 'listen' && Array.isArray(content?.['listen'])
    ? { ...given, path: [top, 0, ...rest] }
    : given
}

/** Ids that two servers share. On the raw list, because the ids must be told even if other things are wrong. */
function sameIds(servers: unknown): Problem[] {
  if (!Array.isArray(servers)) return []
  const given = servers.map((server: unknown) => (isMapping(server) ? server['id'] : undefined))
  const ids = given.map((id, index) => id ?? usualId(servers[index], index))
  return ids.flatMap((id, index) => {
    const first = ids.indexOf(id)
    if (first === index) return []
    const text =
      given[index] === undefined
        ? `must be given: its default, ${JSON.stringify(id)}, is the id of servers[${first}]`
        : `must be unique, got ${JSON.stringify(id)}, which is the id of servers[${first}]`
    return [{ path: ['servers', index, 'id'], text }]
  })
}

/** A line a problem: those of the file in its order, then those of variables and flags. */
function tell(problems: Problem[], given: readonly Given[], file?: ConfigFile): string[] {
  return problems
    .map(({ path, text, atKey }) => {
      const source = given.findLast((each) => each.path.every((key, index) => path[index] === key))
      if (source !== undefined) {
        const rest = path.slice(source.path.length)
        return { line: `${writePath(rest, source.label)} ${text}`, offset: Infinity }
      }
      if (file === undefined) return { line: `${writePath(path)} ${text}`, offset: Infinity }
      const offset = file.offset(path, atKey)
      return { line: `${writePath(path)} ${text} ${file.place(offset)}`, offset }
    })
    .sort((a, b) => (a.offset === b.offset ? 0 : a.offset - b.offset))
    .map(({ line }) => line)
}

function complete(
  data: z.output<typeof CONFIGURATION>,
  strategy: StrategySettings,
  folder: string,
): Settings {
  const { listen, health, slowStart, ejection, panic, queue, timeouts, retries, hedging } = data
  const { limits, accessLog, admin, stats, probes, tls, trustedProxies, stickiness, seed } = data
  const { affinity = keyOfSessions(stickiness) } = data
  const listed = data.servers.map((server, index) => {
    const own = server.tls === undefined ? {} : { tls: fromHome(server.tls, folder) }
    return { id: usualId(server, index), ...server, ...own }
  })
  const { names, servers } = apart(listed)
  const balancing = {
    listen,
    strategy,
    servers,
    ...(names.length > 0 && { names }),
    dns: data.dns,
    tls: fromHome(tls, folder),
    health,
    slowStart,
    ejection,
    panic,
    queue,
    probes,
    timeouts,
    retries,
    hedging,
    limits,
  }
  const workers = threadsOf(data.workers)
  const settings: Settings = {
    ...balancing,
    accessLog,
    admin,
    explain: admin === false ? false : data.explain, // Nobody could ask.
    stats,
    trustedProxies,
    affinity,
    stickiness,
    upgrades: data.upgrades,
    tracing: data.tracing,
    workers,
  }
  if (seed !== undefined) settings.seed = seed
  return settings
}

/** Whoever can connect to the admin API can steer the proxy: where that is not this machine alone he has to show a token. */
function exposed(admin: unknown): Problem[] {
  if (!isMapping(admin) || admin['token'] !== undefined) return []
  const { host, port } = admin
  if (port === 'off' || typeof host !== 'string' || isLoopback(host)) return []
  const text = `must be an address of this machine alone like 127.0.0.1 unless there is a token (admin.token or ADMIN_TOKEN), got ${show(host)}`
  return [{ path: ['admin', 'host'], text }]
}

function doubtful({ names = [], servers, stickiness, tls }: Settings): string[] {
  const secure = [
    ...servers.filter(({ url }) => url.startsWith('https:')),
    ...names.filter(({ scheme }) => scheme === 'https'),
  ]
  const warnings = secure
    .filter((server) => !(server.tls?.verify ?? tls.verify))
    .map(({ id }) => `server "${id}" is not verified (tls.verify: false): anybody can pass for it`)
  if (![...servers, ...names].some(({ weight }) => weight > 0))
    warnings.push('every server has weight 0: none will get a request')
  return [...warnings, ...doubtsOfStickiness(stickiness)]
}
