import { describe, expect, test } from 'vitest'
import type { EventSpec, Scenario } from '../../simulator/scenario.ts'
import { begin, clientsOf, plain, told } from './story.ts'

/** To which server each attempt went, in order of their ends. */
function servers(scenario: Scenario): string[] {
  return told(scenario)
    .filter((line) => !line.includes('client'))
    .map((line) => line.split(' ')[1])
}

const far = [0, 20, 40, 60, 80]

describe('the pool', () => {
  test('a server that is added gets its turn', () => {
    const events = [{ at: 30, add: { id: 'new' } }] as const
    expect(servers(plain(far, { events }))).toEqual(['s1', 's1', 's1', 'new', 's1'])
  })

  test('one that is removed gets nothing more, and ends what it has', () => {
    const events = [{ at: 5, remove: 's1' }] as const
    const scenario = plain([0, 6, 7], { servers: [{ count: 2 }], events })
    expect(clientsOf(told(scenario))).toEqual([
      '10: client ok in 10, attempts 1',
      '16: client ok in 10, attempts 1',
      '26: client ok in 19, attempts 1',
    ])
    expect(servers(scenario)).toEqual(['s1', 's2', 's2'])
  })

  test('what happens at the start happens before the first request', () => {
    const events = [{ at: 0, remove: '*' }] as const
    expect(told(plain([0], { events }))).toEqual(['0: client refused in 0, attempts 0'])
  })

  test('with nobody left requests are refused', () => {
    expect(told(plain([1], { events: [{ at: 0, remove: '*' }] }))).toEqual([
      '1: client refused in 0, attempts 0',
    ])
  })
})

describe('operators', () => {
  test('drain a server, and take it in again', () => {
    const events: EventSpec[] = [
      { at: 10, server: 's1', operator: { admin: 'drain' } },
      { at: 50, server: 's1', operator: { admin: 'ready' } },
    ]
    const story = servers(plain(far, { servers: [{ count: 2 }], events }))
    expect(story.slice(1, 3)).toEqual(['s2', 's2'])
    expect(story.slice(3).toSorted()).toEqual(['s1', 's2'])
  })

  test('limit it, and tell all proxies a weight', () => {
    const events: EventSpec[] = [
      { at: 0, server: '*', operator: { max: 1 } },
      { at: 0, server: ['s2'], operator: { weight: 5 } },
    ]
    const { lines, simulation } = begin(plain([1, 2, 3], { servers: [{ count: 2 }], events }))
    simulation.run()
    expect(clientsOf(lines)[0]).toBe('3: client refused in 0, attempts 0')
    expect(simulation.proxies[0].balancer.servers.map(({ weight }) => weight)).toEqual([1, 5])
  })

  test('change the strategy', () => {
    const events = [{ at: 0, strategy: 'least_connections' }] as const
    const { simulation } = begin(plain([1], { servers: [{ count: 2 }], events }))
    simulation.run()
    expect(simulation.proxies[0].balancer.strategy.name).toBe('least_connections')
  })

  test('push a configuration, so that turns begin anew', () => {
    const scenario = plain(far, { servers: [{ count: 3 }] })
    expect(servers(scenario)).toEqual(['s1', 's2', 's3', 's1', 's2'])
    const events = [{ at: 30, push: true }] as const
    expect(servers({ ...scenario, events })).toEqual(['s1', 's2', 's1', 's2', 's3'])
  })
})

describe('times', () => {
  test('an event comes again and again where it is to, and not after the last request', () => {
    // Each pause lasts 5 of every 20 ms, from 15 on.
    const events = [{ at: 15, every: 20, server: 's1', pause: 5 }] as const
    const scenario = plain([0, 12, 32, 52, 58], { duration: 60, events })
    expect(clientsOf(told(scenario))).toEqual([
      '10: client ok in 10, attempts 1',
      '27: client ok in 15, attempts 1',
      '47: client ok in 15, attempts 1',
      '67: client ok in 15, attempts 1',
      '77: client ok in 19, attempts 1', // The pause at 75 would have been the next.
    ])
  })

  test('what is planned for the same time happens before the request that comes then', () => {
    const events = [{ at: 20, server: 's1', outage: 'refuse' }] as const
    expect(clientsOf(told(plain([0, 20], { events })))).toEqual([
      '10: client ok in 10, attempts 1',
      '20: client refused in 0, attempts 1',
    ])
  })
})
