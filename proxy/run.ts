import { check, summary } from './check.ts'
import { loadSettings } from './config.ts'
import type { Values } from './config-given.ts'
import { logProblems } from './config-log.ts'
import type { Journal } from './core/journal.ts'
import type { StrategyFactory } from './core/strategy.ts'
import type { Series } from './core/series.ts'
import { ControlError } from './control/control-error.ts'
import type { Steered } from './control/steered.ts'
import { ConfigError } from './errors.ts'
import { type ListenSettings, nameOfPlace, reachable, urlOfPlace } from './listen-settings.ts'
import { NamesKeeper } from './health/names-keeper.ts'
import { Reload, type Reloadable } from './reload.ts'
import { isReading } from './settings-reader.ts'
import type { Servers } from './servers.ts'
import type { Settings } from './settings.ts'
import { stateWords } from './state-words.ts'
import { type Choice, chooseStrategy } from './strategy-choice.ts'
import { StrategyFileError } from './strategy-file.ts'
import type { Certificates } from './tls/certificates.ts'
import { Expiry } from './tls/expiry.ts'

interface Startable {
  listen(): Promise<ListenSettings[]>
  stop(): Promise<void>
  kill(): void | Promise<void>
}

/** What a running program needs of the proxy; `Proxy` in proxy.ts is it. */
type Running = Startable &
  Reloadable &
  Steered & {
    readonly servers: Servers
    readonly series: Series
    readonly listener: { readonly certificates: Certificates }
  }

/**
 * The proxy as a program: configuration in, messages on standard error (standard output belongs to the access log), exit
 * code out. A parent with a channel to us is told where we listen, or why we do not, and we end when it does.
 */
export async function runProxy(flags: Values): Promise<void> {
  // Without a listener of our own this signal would open Node's inspector to whoever can reach it.
  process.on('SIGUSR1', () => {})
  const hangups = new Hangups()
  let settings: Settings
  let choice: Choice
  try {
    const configuration = loadSettings({ env: process.env, flags })
    settings = configuration.settings
    choice = await chooseStrategy(settings)
    check(settings, choice)
    // Whoever starts opens it.
    const ofLog = flags['check'] === true ? logProblems(settings.accessLog) : []
    if (ofLog.length > 0) throw new ConfigError(ofLog)
    for (const warning of [...configuration.warnings, ...(choice.warnings ?? [])])
      say(`warning: ${warning}`)
  } catch (error) {
    if (error instanceof StrategyFileError) return fail('bad_strategy', error.message, 2)
    if (!(error instanceof ConfigError)) throw error
    return fail('bad_configuration', ['bad configuration:', ...error.problems].join('\n  '), 2)
  }
  if (flags['check'] === true) {
    // A file of the user's may have begun what would keep us here.
    process.stdout.write(`configuration ok: ${summary(settings)}\n`, () => process.exit(0))
  } else await serve(settings, new Reload(flags, settings, choice, say), hangups, choice.print)
}

async function serve(
  settings: Settings,
  reload: Reload,
  hangups: Hangups,
  print: string | undefined,
): Promise<void> {
  let proxy: Running | undefined
  let places: ListenSettings[]
  let steering: string | undefined
  try {
    proxy = await make(settings, reload.strategy, print)
    // Before listening: whoever is told to stop while starting must not be left half started.
    const started = proxy
    const stopping = stopOnSignals(proxy, () => reload.inForce(started).timeouts)
    // Before the other one: where the admin API cannot be, nobody has been let in yet.
    const names = new NamesKeeper(proxy.servers, say)
    reload.names = names
    steering = await steerBy(settings, proxy, reload, names)
    // Before anybody is let in, if it can be: otherwise clients get 503 until there are servers.
    await names.follow(settings, settings.seed)
    places = await proxy.listen()
    const { listener } = proxy
    const doubt = (message: string): void => say(`warning: ${message}`)
    new Expiry(() => listener.certificates, doubt, Date.now()).watch()
    proxy.series.listen({ onEvent: (event) => say(stateWords(event)) })
    hangups.follow(() => {
      if (!stopping()) void reload.reload(started)
    })
  } catch (error) {
    await proxy?.kill()
    const { code = 'failed' } = error as NodeJS.ErrnoException
    return fail(code, whyNot(error as NodeJS.ErrnoException, settings), 1)
  }
  const where = places.map(urlOfPlace).join(', ')
  const stats = settings.stats === false ? '' : `, stats at ${settings.stats.prefix}/`
  const admin = steering === undefined ? '' : `, admin at ${steering}`
  const threads = settings.workers > 1 ? ` in ${settings.workers} threads` : ''
  say(`${summary(settings)}${threads} on ${where} (process ${process.pid}${stats}${admin})`)
  process.send?.({ type: 'listening', url: reachable(places[0]), admin: steering }, () => {})
}

/** Where the admin API is; undefined where there is none. */
async function steerBy(
  settings: Settings,
  proxy: Running,
  reload: Reload,
  names: NamesKeeper,
): Promise<string | undefined> {
  const { admin } = settings
  if (admin === false) return undefined
  const { openControl } = await import('./control/open.ts')
  const address = await openControl(admin, proxy, reload, say, names)
  const url = address && reachable({ ...address, proxyProtocol: false })
  proxy.steeredAt = url && (admin.page ?? url)
  return url
}

async function make(
  settings: Settings,
  strategy: StrategyFactory,
  print: string | undefined,
): Promise<Running> {
  if (settings.workers === 1) {
    const { Proxy } = await import('./proxy.ts')
    const journal = await journalOf(settings)
    const warn = (message: string): void => say(`warning: ${message}`)
    return new Proxy(settings, { strategy, warn, ...(journal && { journal }) })
  }
  const { Coordinator } = await import('./threads/coordinator.ts')
  const giveUp = (message: string): void => void fail('failed', message, 1)
  return new Coordinator(settings, { say, giveUp, strategy, print })
}

/** For experiments: all decisions, in a file. With several threads there is no one order that could be followed. */
async function journalOf(settings: Settings): Promise<Journal | undefined> {
  const name = process.env['EVENKEEL_JOURNAL']
  if (!name) return undefined
  const { JournalFile } = await import('./journal-file.ts')
  return new JournalFile(name, settings)
}

/** SIGHUP would end the process. One that comes while the proxy starts waits until it can be followed. */
class Hangups {
  private waiting = false
  private act = (): void => void (this.waiting = true)

  constructor() {
    process.on('SIGHUP', () => this.act())
  }

  follow(act: () => void): void {
    this.act = act
    if (this.waiting) act()
  }
}

/**
 * The first signal, or the end of a parent that we have a channel to, stops gracefully; a second signal at once. Gives what
 * says whether one has come.
 */
function stopOnSignals(proxy: Running, timeouts: () => Settings['timeouts']): () => boolean {
  let stopping = false
  let exitCode = 0
  const stop = async (): Promise<void> => {
    stopping = true
    const { notice, stop } = timeouts()
    const first = notice > 0 ? `not ready for ${notice / 1000} s, then ` : ''
    say(`stopping: ${first}requests in flight have ${stop / 1000} s to finish`)
    try {
      await proxy.stop()
      leave(exitCode)
    } catch (error) {
      say(`could not stop in order: ${String(error)}`)
      leave(1)
    }
  }
  const onSignal = (): void => {
    if (!stopping) return void stop()
    exitCode = 1
    void Promise.resolve(proxy.kill()).then(() => leave(1))
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  const stopped = (): boolean => stopping
  if (process.send === undefined) return stopped
  process.on('disconnect', () => {
    if (!stopping) void stop()
  })
  // Gone before we began to listen for it.
  if (!process.connected) void stop()
  return stopped
}

/** How long a reload that is under way may take to end, in milliseconds. */
const LAST_READING = 1000

/** Ends the process, for which Node waits for its threads: one that hangs in the operating system can only be killed with all. */
function leave(exitCode: number): void {
  if (!isReading()) process.exit(exitCode)
  const giveUpAt = performance.now() + LAST_READING
  setInterval(() => {
    if (!isReading()) process.exit(exitCode)
    if (performance.now() < giveUpAt) return
    say('the configuration is still being read, from a disk that does not answer: killed')
    process.kill(process.pid, 'SIGKILL')
  }, 50)
}

/** Why the proxy could not start, and which setting would change that. */
function whyNot(
  error: NodeJS.ErrnoException & { place?: number },
  { listen, accessLog }: Settings,
): string {
  if (error instanceof ControlError) return error.message
  const { place: index = 0 } = error
  const place = listen[index]
  const name = nameOfPlace(place)
  const key = listen.length === 1 ? 'listen' : `listen[${index}]`
  // Variables and flags set the first one alone.
  const how = (flag: string): string =>
    `${index === 0 ? `${flag}, ${flag.slice(2).toUpperCase()} or ` : ''}${key}.${flag.slice(2)}`
  if ('socket' in place) {
    if (error.syscall === 'listen')
      return `cannot listen on ${name} (${error.code}): see ${key}.socket`
  } else if (error.code === 'EADDRINUSE') {
    return `${name} is in use: choose another port with ${how('--port')}`
  } else if (error.code === 'EACCES' && error.syscall === 'listen') {
    return `not allowed to listen on ${name}: choose a port from 1024 up with ${how('--port')}`
  } else if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return `${place.host} is no address of this machine: choose one with ${how('--host')}`
  }
  if (typeof accessLog === 'object' && error.path === accessLog.file) {
    return `cannot write the access log (${error.message}): choose where with --access-log or accessLog`
  }
  return `cannot start: ${error.message}`
}

async function fail(code: string, message: string, exitCode: 1 | 2): Promise<never> {
  say(message)
  if (process.send !== undefined) {
    await new Promise((sent) => process.send?.({ type: 'failed', code, message }, sent))
  }
  process.exit(exitCode)
}

function say(message: string): void {
  process.stderr.write(`evenkeel proxy: ${message}\n`)
}
