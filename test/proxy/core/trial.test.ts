import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { Strategy, StrategyFactory } from '../../../proxy/core/strategy.ts'
import { tryOut } from '../../../proxy/core/trial.ts'
import { STRATEGIES } from '../../../proxy/strategies/index.ts'

function picking(pick: (servers: readonly Endpoint[]) => Endpoint): StrategyFactory {
  const create = (): Strategy => {
    let servers: readonly Endpoint[] = []
    return {
      name: 'own',
      update: (given) => void (servers = given),
      pick: () => pick(servers),
      settled: () => {},
    }
  }
  return { promise: 'adaptive', create }
}

describe('a trial', () => {
  for (const entry of STRATEGIES.filter((each) => each.simulatorOnly !== true)) {
    test(`is passed by ${entry.name}`, () => expect(tryOut(entry)).toBeUndefined())
  }

  test('finds one that throws', () => {
    let picks = 0
    const strategy = picking((servers) => {
      if (++picks > 500) throw new Error('enough')
      return servers[0]
    })
    expect(tryOut(strategy)).toMatchObject({ verb: 'pick', problem: 'threw Error: enough' })
  })

  test('finds one that keeps to a server that has left', () => {
    let kept: Endpoint | undefined
    expect(tryOut(picking((servers) => (kept ??= servers[0])))).toMatchObject({ kind: 'picked' })
  })

  test('finds one that counts on servers to stay as many as they were', () => {
    let most = 0
    const last = picking((servers) => servers[(most = Math.max(most, servers.length)) - 1])
    expect(tryOut(last)).toMatchObject({ kind: 'picked', verb: 'pick' })
  })

  test('comes to the same end again with the same seed', () => {
    const faults = [1, 1, 2].map((seed) => {
      let picks = 0
      return tryOut(
        picking((servers) => servers[++picks % 9]),
        seed,
      )?.problem
    })
    expect(faults[0]).toBe(faults[1])
    expect(faults[0]).toBeDefined()
  })
})
