import { loadSettings } from './config.ts'
import type { Values } from './config-given.ts'
import { gaveWay } from './core/guarded.ts'
import type { Strategy, StrategyFactory } from './core/strategy.ts'
import { ConfigError } from './errors.ts'
import type { ServerSettings, Settings, StrategySettings } from './settings.ts'
import { StrategyFileError } from './strategy-file.ts'
import { type Choice, chooseStrategy, ROUND_ROBIN, trusted } from './strategy-choice.ts'

/** What can be changed about a running proxy. */
export interface Reloadable {
  readonly balancer: { readonly strategy: Strategy }
  readonly servers: { readonly settings: ServerSettings[] }
  /** TLS certificates are read anew. Throws a `CertificateFault`, and then nothing has changed. */
  readonly listener: { reloadCertificates(): void }
  /** Throws a `RangeError` that says why if that cannot be. */
  useStrategy(strategy: StrategyFactory): void
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
 * Keeps to what the configuration says while the proxy runs: reads it again when told to, and changes the strategy without a request
 * noticing. What cannot be used changes nothing.
 */
export class Reload {
  private readonly flags: Values
  private readonly say: (message: string) => void
  private readonly settings: Settings
  private choice: Choice
  /** The one that takes over from a file that breaks: the last one of ours. */
  private lastGood: Choice = ROUND_ROBIN
  private work: Promise<unknown> = Promise.resolve()

  constructor(flags: Values, settings: Settings, choice: Choice, say: (message: string) => void) {
    this.flags = flags
    this.settings = settings
    this.choice = choice
    this.say = say
  }

  /** The strategy to begin with. */
  get strategy(): StrategyFactory {
    return trusted(this.choice, this.lastGood, this.say)
  }

  /** One after the other, however fast they are asked for. Gives what was said of it. */
  reload(proxy: Reloadable): Promise<Reloaded> {
    return this.queue(proxy, () => {
      const { settings, warnings } = loadSettings({ env: process.env, flags: this.flags })
      return { strategy: settings.strategy, warnings, settings }
    })
  }

  /** The same for a strategy alone, until the configuration is read again. */
  switchTo(proxy: Reloadable, strategy: StrategySettings): Promise<Reloaded> {
    return this.queue(proxy, () => ({ strategy, warnings: [] }))
  }

  private queue(proxy: Reloadable, read: () => Wanted): Promise<Reloaded> {
    const turn = this.work.then(() => this.once(proxy, read))
    this.work = turn
    return turn
  }

  private async once(proxy: Reloadable, read: () => Wanted): Promise<Reloaded> {
    const said: string[] = []
    const say = (message: string): void => {
      said.push(message)
      this.say(message)
    }
    try {
      const { settings, strategy, warnings } = read()
      const servers = proxy.servers.settings
      const choice = await chooseStrategy({ servers, strategy })
      for (const warning of [...warnings, ...(choice.warnings ?? [])]) say(`warning: ${warning}`)
      if (settings !== undefined) this.takeOver(settings, proxy, say)
      const same = settings === undefined ? 'it chooses already' : 'the configuration says so still'
      this.use(choice, proxy, same, say)
      return { ok: true, said }
    } catch (error) {
      // Not what chose when this began: that may have failed meanwhile.
      const kept = `kept ${this.running(proxy).name}`
      if (error instanceof ConfigError)
        say([`${kept}, because of a bad configuration:`, ...error.problems].join('\n  '))
      else {
        const told = error instanceof StrategyFileError || error instanceof RangeError
        say(`${kept}: ${told ? error.message : String(error)}`)
      }
      return { ok: false, said }
    }
  }

  /** What chooses now: not what was chosen, if that has failed. */
  running(proxy: Reloadable): Choice {
    return gaveWay(proxy.balancer.strategy) ? this.lastGood : this.choice
  }

  /** `why`: what is said where that one chooses already. */
  private use(
    choice: Choice,
    proxy: Reloadable,
    why: string,
    say: (message: string) => void,
  ): void {
    const before = this.running(proxy)
    // The same of ours would only forget what it has learnt. A file may be another in spite of its name.
    if (choice.file === undefined && choice.name === before.name) {
      return say(`kept ${choice.name}: ${why}`)
    }
    const lastGood = before.file === undefined ? before : this.lastGood
    proxy.useStrategy(trusted(choice, lastGood, this.say))
    this.lastGood = lastGood
    this.choice = choice
    say(`strategy is now ${choice.name}, and was ${before.name}`)
  }

  private takeOver(settings: Settings, proxy: Reloadable, say: (message: string) => void): void {
    // Which files they are in is read once; what is in them may be new, and was judged with the rest.
    if (this.settings.listen.some(({ tls }) => tls !== undefined)) {
      proxy.listener.reloadCertificates()
      say('TLS certificates were read anew')
    }
    this.tellOthers(settings, say)
  }

  /** All but the strategy is read once, at the start. */
  private tellOthers(settings: Settings, say: (message: string) => void): void {
    const before: Partial<Record<string, unknown>> = { ...this.settings }
    const now: Partial<Record<string, unknown>> = { ...settings }
    const keys = new Set([...Object.keys(before), ...Object.keys(now)]).difference(
      new Set(['strategy']),
    )
    const changed = [...keys].filter(
      (key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]),
    )
    if (changed.length === 0) return
    const verb = changed.length === 1 ? 'has' : 'have'
    say(`${changed.join(', ')} ${verb} changed: that needs a restart`)
  }
}
