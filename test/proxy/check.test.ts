import { expect, test } from 'vitest'
import { check } from '../../proxy/check.ts'
import type { Strategy, StrategyFactory } from '../../proxy/core/strategy.ts'
import { ConfigError } from '../../proxy/errors.ts'
import { testSettings } from '../support/proxy.ts'

test('a fault that only the servers of the configuration bring about is told as such: no request goes on', () => {
  const create = (): Strategy => ({
    name: 'own',
    update() {
      throw new Error('no')
    },
    pick: () => undefined as never,
    settled() {},
  })
  const factory: StrategyFactory = { promise: 'adaptive', create }
  const settings = testSettings({ servers: ['http://127.0.0.1:1', 'http://127.0.0.1:2'] })
  const choice = { name: './own.ts', settings: 'x', file: '/own.ts', factory }
  const faults = [
    './own.ts breaks the law "it never throws, whatever the key and the load": update threw Error: no',
  ]
  expect(() => check(settings, choice)).toThrow(new ConfigError(faults))
})
