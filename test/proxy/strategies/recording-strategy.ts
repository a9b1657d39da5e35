import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { Strategy, StrategyContext, StrategyFactory } from '../../../proxy/core/strategy.ts'

/** What a strategy inside of another one was told, and the picks that it is to make. */
export class Recording {
  context: StrategyContext | undefined
  servers: readonly Endpoint[] = []
  updates = 0
  /** Which of the servers it is shown it picks. */
  index = 0
  readonly told: unknown[][] = []

  get weights(): number[] {
    return this.servers.map(({ weight }) => weight)
  }

  factory(listens = true): StrategyFactory {
    const create = (context: StrategyContext): Strategy => {
      this.context = context
      const strategy: Strategy = {
        name: 'recording',
        update: (servers) => {
          this.servers = servers
          this.updates++
        },
        pick: (key, attempt) => {
          this.told.push(['pick', key, attempt])
          return this.servers[this.index]
        },
        settled: (...told) => void this.told.push(['settled', ...told]),
      }
      if (listens) strategy.heard = (...told) => void this.told.push(['heard', ...told])
      return strategy
    }
    return { promise: 'adaptive', create }
  }
}
