import { expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { SILENT } from '../../../proxy/core/report.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import type { StrategyFactory } from '../../../proxy/core/strategy.ts'
import { Notes, watched } from '../../../proxy/core/watched.ts'

test('notes tell each verb while it is run, and none in between', () => {
  const notes = new Notes()
  const seen: string[] = []
  const see = (): void => void seen.push(notes.verb)
  const factory: StrategyFactory = {
    promise: 'equal',
    create() {
      see()
      let servers: readonly Endpoint[] = []
      return {
        name: 'own',
        update(given) {
          see()
          servers = given
        },
        pick() {
          see()
          return servers[0]
        },
        settled: see,
        heard: see,
      }
    },
  }
  const strategy = watched(factory, notes)
  const balancer = new Balancer({ clock: new Clock(0), rng: new Rng(1), strategy })
  balancer.add(new Endpoint('a'))
  balancer.add(new Endpoint('b'))
  balancer.release(balancer.acquire(0, 0)!, 1, 'ok')
  balancer.heard(balancer.servers[0], SILENT)
  expect(seen).toEqual(['constructor', 'update', 'pick', 'settled', 'heard'])
  expect([notes.verb, notes.calls]).toEqual(['', 5])
})

test('notes keep what was thrown', () => {
  const notes = new Notes()
  const error = new Error('no')
  const create = (): never => {
    throw error
  }
  const strategy = watched({ promise: 'equal', create }, notes)
  expect(() => new Balancer({ clock: new Clock(0), rng: new Rng(1), strategy })).toThrow(error)
  expect([notes.thrown, notes.verb]).toEqual([error, ''])
})
