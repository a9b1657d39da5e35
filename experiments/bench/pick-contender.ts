import { didYouMean } from '../../proxy/core/did-you-mean.ts'
import type { Endpoint } from '../../proxy/core/endpoint.ts'
import type { Strategy, StrategyFactory } from '../../proxy/core/strategy.ts'
import { findStrategy, STRATEGIES } from '../../proxy/strategies/index.ts'

/** Always the first server: what the loop around a pick costs by itself. */
export const NOTHING = 'nothing'
/** Whom the ratios refer to. */
export const YARDSTICK = 'round_robin'

class Nothing implements Strategy {
  readonly name = NOTHING
  private servers: readonly Endpoint[] = []

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
  }

  pick(): Endpoint {
    return this.servers[0]
  }

  settled(): void {}
}

export const CONTENDERS: readonly string[] = [...STRATEGIES.map(({ name }) => name), NOTHING]

/** By name or alias; throws a `RangeError` if there is none. */
export function contender(name: string): StrategyFactory & { readonly name: string } {
  if (name === NOTHING) return { name, promise: 'adaptive', create: () => new Nothing() }
  const found = findStrategy(name)
  if (found !== undefined) return found
  const meant = didYouMean(name, CONTENDERS)
  const hint = meant === undefined ? `there are ${CONTENDERS.join(', ')}` : `did you mean ${meant}?`
  throw new RangeError(`no strategy ${name}: ${hint}`)
}
