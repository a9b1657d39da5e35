import type { Endpoint } from '../../proxy/core/endpoint.ts'
import { hash32, mix32 } from '../../proxy/core/hash.ts'
import type { Strategy, StrategyFactory } from '../../proxy/core/strategy.ts'

const POINTS = 1024

/**
 * A ring with so many points in all, whoever shares it, as Envoy's at its default smallest size: with each server more all others lose points, and keys move between servers
 * that were there before and are there after.
 */
class FixedRing implements Strategy {
  readonly name = 'fixed_ring'
  private points: { readonly place: number; readonly server: Endpoint }[] = []

  update(servers: readonly Endpoint[]): void {
    this.points = servers
      .flatMap((server, i) => {
        const hash = hash32(server.id)
        const until = Math.floor((POINTS * (i + 1)) / servers.length)
        const count = until - Math.floor((POINTS * i) / servers.length)
        return Array.from({ length: count }, (_, n) => ({ place: mix32(hash + n) >>> 0, server }))
      })
      .toSorted((a, b) => a.place - b.place)
  }

  pick(key: number): Endpoint {
    const { points } = this
    const place = mix32(key) >>> 0
    let low = 0
    let high = points.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (points[middle].place < place) low = middle + 1
      else high = middle
    }
    return points[low === points.length ? 0 : low].server
  }

  settled(): void {}
}

export const fixedRing: StrategyFactory = { promise: 'adaptive', create: () => new FixedRing() }
