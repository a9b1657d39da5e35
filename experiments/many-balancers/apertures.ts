import type { StrategyFactory } from '../../proxy/core/strategy.ts'
import { resolveStrategy } from '../../proxy/strategies/index.ts'

/** An aperture for each of so many balancers, which know of each other, in the order in which they are made. */
export function apertures(clients: number, size: number): StrategyFactory {
  let made = 0
  return {
    promise: 'adaptive',
    create(context) {
      const client = made++ % clients
      const over = 'least_connections'
      const resolved = resolveStrategy({ name: 'aperture', over, size, clients, client })
      if ('factory' in resolved) return resolved.factory.create(context)
      throw new RangeError(resolved.problems.map(({ name, rule }) => `${name} ${rule}`).join('; '))
    },
  }
}
