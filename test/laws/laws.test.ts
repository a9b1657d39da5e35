import { describe, expect, test } from 'vitest'
import type { StrategyFactory } from '../../proxy/core/strategy.ts'
import type { Endpoint } from '../../proxy/core/endpoint.ts'
import type { Strategy } from '../../proxy/core/strategy.ts'
import { STRATEGIES } from '../../proxy/strategies/index.ts'
import { LAWS } from '../support/laws.ts'

for (const strategy of STRATEGIES) {
  describe(`${strategy.name} obeys the law: it`, () => {
    for (const law of LAWS) {
      // Its very idea is to leave the others idle.
      if (strategy.claims.includes('in_order') && law.title.startsWith('reaches')) continue
      test(law.title, () => law.check(strategy))
    }
  })
}

/** One that breaks every law but being repeatable: it likes heavy servers with short names. */
class Lawless implements Strategy {
  readonly name = 'lawless'
  private servers: readonly Endpoint[] = []

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
  }

  pick(): Endpoint {
    const { servers } = this
    const first = servers[0]
    return first.weight > 1 || first.id.length > 3 ? first : servers[1]
  }

  settled(): void {}
}

describe('the laws notice a strategy that', () => {
  const lawless: StrategyFactory = { promise: 'weight', create: () => new Lawless() }
  const broken = LAWS.filter((law) => /called|scaled|reaches|promise/.test(law.title))
  for (const law of broken) {
    test(`breaks "${law.title}"`, () => expect(() => law.check(lawless)).toThrow())
  }

  test('picks at whim', () => {
    let whim = 0
    const create = (): Strategy => {
      const strategy = new Lawless()
      const servers: Endpoint[] = []
      strategy.update = (all) => void servers.splice(0, Infinity, ...all)
      strategy.pick = () => servers[whim++ % servers.length]
      return strategy
    }
    const law = LAWS.find((law) => law.title.includes('same again'))!
    expect(() => law.check({ promise: 'equal', create })).toThrow()
  })
})
