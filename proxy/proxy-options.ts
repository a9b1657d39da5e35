import type { Journal } from './core/journal.ts'
import type { StrategyFactory } from './core/strategy.ts'
import type { Team } from './threads/team.ts'

export interface ProxyOptions {
  /** Reads a monotonic clock, in milliseconds. With one of a test nothing ticks by itself: `tick` is the test's to call. */
  now?: () => number
  /** Told what whoever runs the proxy should know, in a line. */
  warn?: (message: string) => void
  /** Chooses in place of what the settings say: has to be given for a strategy from a file, which takes time to load. */
  strategy?: StrategyFactory
  /** This proxy is one of several threads. */
  team?: Team
  /** Where the balancer writes down all that it is asked. */
  journal?: Journal
}
