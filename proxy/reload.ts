import { isDeepStrictEqual } from 'node:util'
import type { Appointment, Change, Plan } from './change.ts'
import type { Values } from './config-given.ts'
import { gaveWay } from './core/guarded.ts'
import type { NamesKeeper } from './health/names-keeper.ts'
import type { Strategy, StrategyFactory } from './core/strategy.ts'
import { ConfigError } from './errors.ts'
import { type OnSkipped, type ServerChange, serverChanges } from './server-changes.ts'
import type { ServerSettings, Settings, StrategySettings } from './settings.ts'
import { readSettings } from './settings-reader.ts'
import { changedNames, merged, tellChanges } from './settings-changes.ts'
import { StrategyFileError } from './strategy-file.ts'
import { type Choice, chooseStrategy, isFile, ROUND_ROBIN, trusted } from './strategy-choice.ts'

/** How the configuration was last read: at the start, or by a reload. It was well at the start. */
export interface Reading {
  readonly ok: boolean
  /** When it last was, in milliseconds of Unix. */
  readonly at: number
}

/** What can be changed about a running proxy. */
export interface Reloadable {
  readonly balancer: { readonly strategy: Strategy }
  readonly servers: { readonly settings: ServerSettings[] }
  /** TLS certificates are read anew. Throws a `CertificateFault`, and then nothing has changed. */
  readonly listener: { reloadCertificates(): void }
  /** Throws an error that says why if that cannot be; then nothing has changed. */
  prepare(plan: Plan): Change | Promise<Change>
  /** For those who watch. */
  lastReading: Reading
}

/** What came of it, in the lines that were said. */
export interface Reloaded {
  readonly ok: boolean
  readonly said: readonly string[]
}

/** What is to be used; the settings are those of a configuration that was read. */
interface Wanted {
  readonly strategy: StrategySettings
  readonly warnings: readonly string[]
  readonly settings?: Settings
}

/**
 * Keeps to what the configuration says while the proxy runs: reads it again when told to, and changes what can change without a request
 * noticing. All or nothing: what cannot be used changes nothing.
 *
 * What operators have changed meanwhile stays, unless the file says something else than when it was last read.
 */
export class Reload {
  private readonly flags: Values
  private readonly say: (message: string) => void
  /** What the configuration said when it was last read. */
  private file: Settings
  /** What holds: the same, but for what needs a restart. Its servers and strategy are the proxy's to say. */
  private settings: Settings
  private choice: Choice
  /** Of the strategy's file when the configuration was last read. */
  private print: string | undefined
  /** The one that takes over from a file that breaks: the last one of ours. */
  private lastGood: Choice = ROUND_ROBIN
  private work: Promise<unknown> = Promise.resolve()
  /** Who looks after names that are resolved. */
  names: Pick<NamesKeeper, 'follow'> | undefined = undefined

  constructor(flags: Values, settings: Settings, choice: Choice, say: (message: string) => void) {
    this.flags = flags
    this.file = settings
    this.settings = settings
    this.choice = choice
    this.print = choice.print
    this.say = say
  }

  /** The strategy to begin with. */
  get strategy(): StrategyFactory {
    return trusted(this.choice, this.lastGood, this.say)
  }

  /** One after the other, however fast they are asked for. Gives what was said of it. */
  reload(proxy: Reloadable): Promise<Reloaded> {
    return this.queue(proxy, async () => {
      const { settings, warnings } = await readSettings(this.flags)
      return { strategy: settings.strategy, warnings, settings }
    })
  }

  /** The same for a strategy alone, until the configuration says something else than now. */
  switchTo(proxy: Reloadable, strategy: StrategySettings): Promise<Reloaded> {
    return this.queue(proxy, () => ({ strategy, warnings: [] }))
  }

  /** What chooses now: not what was chosen, if that has failed. */
  running(proxy: Reloadable): Choice {
    return gaveWay(proxy.balancer.strategy) ? this.lastGood : this.choice
  }

  /** What holds now, as a configuration would have it. */
  inForce(proxy: Reloadable): Settings {
    const { servers } = proxy
    return { ...this.settings, servers: servers.settings, strategy: this.running(proxy).settings }
  }

  private queue(proxy: Reloadable, read: () => Wanted | Promise<Wanted>): Promise<Reloaded> {
    const turn = this.work.then(() => this.once(proxy, read))
    this.work = turn
    return turn
  }

  private async once(proxy: Reloadable, read: () => Wanted | Promise<Wanted>): Promise<Reloaded> {
    const said: string[] = []
    const say = (message: string): void => {
      said.push(message)
      this.say(message)
    }
    let settings: Settings | undefined
    let reads = true
    try {
      const wanted = await read()
      settings = wanted.settings
      reads = settings !== undefined
      await this.change(proxy, wanted, say)
      if (settings !== undefined) proxy.lastReading = { ok: true, at: Date.now() }
      return { ok: true, said }
    } catch (error) {
      if (reads) proxy.lastReading = { ...proxy.lastReading, ok: false }
      // Not what chose when this began: that may have failed meanwhile.
      say(whyKept(`kept ${this.running(proxy).name}`, error))
      return { ok: false, said }
    }
  }

  private async change(
    proxy: Reloadable,
    { settings, strategy, warnings }: Wanted,
    say: (message: string) => void,
  ): Promise<void> {
    const choice = await this.choose(proxy, strategy, settings)
    for (const warning of [...warnings, ...(choice?.warnings ?? [])]) say(`warning: ${warning}`)
    const before = this.running(proxy)
    const lastGood = before.file === undefined ? before : this.lastGood
    const servers =
      settings && serverChanges(this.file.servers, settings.servers, proxy.servers.settings)
    const next = settings && merged(this.settings, settings)
    const skipped = new Set<ServerChange>()
    const onSkipped: OnSkipped = (step, why) => {
      skipped.add(step)
      say(`warning: not done to the servers: ${why}`)
    }
    const change = await proxy.prepare({
      onSkipped,
      ...(next && { settings: next }),
      ...(servers && { servers }),
      ...(choice && { strategy: this.appointment(choice, lastGood) }),
    })
    if (settings !== undefined) this.renewCertificates(proxy, change, say)
    change.commit()
    if (settings !== undefined) void this.names?.follow(settings)
    const done = servers?.filter((step) => !skipped.has(step))
    if (settings !== undefined) tellChanges(changedNames(this.settings, settings), done!, say)
    this.settings = next ?? this.settings
    this.file = settings === undefined ? this.file : without(skipped, settings)
    if (settings !== undefined && choice !== undefined) this.print = choice.print
    if (choice === undefined) return say(`kept ${before.name}: ${whyStill(before, settings)}`)
    this.lastGood = lastGood
    this.choice = choice
    say(`strategy is now ${choice.name}, and was ${before.name}`)
  }

  /** Undefined: it stays as it is. */
  private async choose(
    proxy: Reloadable,
    strategy: StrategySettings,
    settings: Settings | undefined,
  ): Promise<Choice | undefined> {
    const said = settings !== undefined && isDeepStrictEqual(strategy, this.file.strategy)
    const ours = !isFile(strategy)
    // Chosen through the admin API since, or the same as ever.
    if (said && ours) return undefined
    const servers = settings?.servers ?? proxy.servers.settings
    const choice = await chooseStrategy({ servers, strategy })
    const running = this.running(proxy)
    // The same of ours would only forget what it has learnt. A file may be another in spite of its name.
    if (ours && choice.name === running.name) return undefined
    const chosenSince = !isDeepStrictEqual(this.choice.settings, strategy)
    return said && chosenSince && choice.print === this.print ? undefined : choice
  }

  /** Which files they are in needs a restart; what is in them may be new. */
  private renewCertificates(proxy: Reloadable, change: Change, say: (line: string) => void): void {
    if (this.settings.listen.every(({ tls }) => tls === undefined)) return
    try {
      proxy.listener.reloadCertificates()
    } catch (error) {
      change.cancel()
      throw error
    }
    say('TLS certificates were read anew')
  }

  private appointment(choice: Choice, lastGood: Choice): Appointment {
    const factory = trusted(choice, lastGood, this.say)
    return {
      factory,
      settings: choice.settings,
      fallback: lastGood.settings,
      print: choice.print,
    }
  }
}

/** As if it had not named those that could not be added: so they are when it is next read. */
function without(skipped: ReadonlySet<ServerChange>, settings: Settings): Settings {
  const added = [...skipped].map((step) => (step.type === 'add' ? step.server : undefined))
  return { ...settings, servers: settings.servers.filter((server) => !added.includes(server)) }
}

function whyStill({ settings: chosen }: Choice, settings: Settings | undefined): string {
  if (settings === undefined) return 'it chooses already'
  return isDeepStrictEqual(chosen, settings.strategy)
    ? 'the configuration says so still'
    : 'it was chosen since, and the configuration says what it said before'
}

function whyKept(kept: string, error: unknown): string {
  if (error instanceof ConfigError) {
    return [`${kept}, because of a bad configuration:`, ...error.problems].join('\n  ')
  }
  const told = error instanceof StrategyFileError || error instanceof RangeError
  return `${kept}: ${told ? error.message : String(error)}`
}
