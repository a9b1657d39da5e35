import { loadSettings } from './config.ts'
import type { Values } from './config-given.ts'
import { gaveWay } from './core/guarded.ts'
import type { Strategy, StrategyFactory } from './core/strategy.ts'
import { ConfigError } from './errors.ts'
import type { Settings } from './settings.ts'
import { StrategyFileError } from './strategy-file.ts'
import { type Choice, chooseStrategy, ROUND_ROBIN, trusted } from './strategy-choice.ts'

/** What can be changed about a running proxy. */
export interface Reloadable {
  readonly balancer: { readonly strategy: Strategy }
  /** Throws a `RangeError` that says why if that cannot be. */
  useStrategy(strategy: StrategyFactory): void
}

/**
 * Keeps to what the configuration says while the proxy runs: reads it again when told to, and changes the strategy without a request
 * noticing. What cannot be used changes nothing.
 */
export class Reload {
  private readonly flags: Values
  private readonly say: (message: string) => void
  private settings: Settings
  private choice: Choice
  /** The one that takes over from a file that breaks: the last one of ours. */
  private lastGood: Choice = ROUND_ROBIN
  private work: Promise<void> = Promise.resolve()

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

  /** One after the other, however fast they are asked for. */
  reload(proxy: Reloadable): Promise<void> {
    this.work = this.work.then(() => this.once(proxy))
    return this.work
  }

  private async once(proxy: Reloadable): Promise<void> {
    const { flags, say } = this
    try {
      const { settings, warnings } = loadSettings({ env: process.env, flags })
      const choice = await chooseStrategy({ ...this.settings, strategy: settings.strategy })
      for (const warning of [...warnings, ...(choice.warnings ?? [])]) say(`warning: ${warning}`)
      this.tellOthers(settings)
      this.use(choice, proxy)
    } catch (error) {
      // Not what chose when this began: that may have failed meanwhile.
      const kept = `kept ${this.running(proxy).name}`
      if (error instanceof ConfigError)
        say([`${kept}, because of a bad configuration:`, ...error.problems].join('\n  '))
      else {
        const told = error instanceof StrategyFileError || error instanceof RangeError
        say(`${kept}: ${told ? error.message : String(error)}`)
      }
    }
  }

  /** What chooses now: not what was chosen, if that has failed. */
  private running(proxy: Reloadable): Choice {
    return gaveWay(proxy.balancer.strategy) ? this.lastGood : this.choice
  }

  private use(choice: Choice, proxy: Reloadable): void {
    const before = this.running(proxy)
    // The same of ours would only forget what it has learnt. A file may be another in spite of its name.
    if (choice.file === undefined && choice.name === before.name) {
      return this.say(`kept ${choice.name}: the configuration says so still`)
    }
    const lastGood = before.file === undefined ? before : this.lastGood
    proxy.useStrategy(trusted(choice, lastGood, this.say))
    this.lastGood = lastGood
    this.choice = choice
    this.say(`strategy is now ${choice.name}, and was ${before.name}`)
  }

  /** All but the strategy is read once, at the start. */
  private tellOthers(settings: Settings): void {
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
    this.say(`${changed.join(', ')} ${verb} changed: that needs a restart`)
  }
}
