import type { Endpoint } from '../../proxy/core/endpoint.ts'
import type { Strategy, StrategyFactory } from '../../proxy/core/strategy.ts'

/** Servers by place in an order that somebody laid, again and again. */
class Dealt implements Strategy {
  readonly name = 'dealt'
  private readonly order: readonly number[]
  private servers: readonly Endpoint[] = []
  private next = 0

  constructor(order: readonly number[]) {
    this.order = order
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
  }

  pick(): Endpoint {
    const { order, servers } = this
    const at = this.next
    this.next = at + 1 === order.length ? 0 : at + 1
    return servers[order[at]]
  }

  settled(): void {}
}

export function dealt(order: readonly number[]): StrategyFactory {
  return { promise: 'weight', create: () => new Dealt(order) }
}
