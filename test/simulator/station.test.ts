import { describe, expect, test } from 'vitest'
import type { EventSpec, ServerSpec } from '../../simulator/scenario.ts'
import { begin, clientsOf, plain, told } from './story.ts'

/** What clients of one server see; each request is 10 ms of work. */
function clients(
  times: readonly number[],
  server: ServerSpec,
  events: readonly EventSpec[] = [],
): string[] {
  return clientsOf(told(plain(times, { servers: [server], events }))).map((line) =>
    line.replace(/ client | in|, attempts 1/g, ''),
  )
}

describe('who is served when', () => {
  test('first come first served', () => {
    expect(clients([0, 1, 2], {})).toEqual(['10:ok 10', '20:ok 19', '30:ok 28'])
  })

  test('the last first', () => {
    expect(clients([0, 1, 2], { discipline: 'lifo' })).toEqual(['10:ok 10', '20:ok 18', '30:ok 29'])
  })

  test('as many at a time as there are workers', () => {
    expect(clients([0, 1, 2], { workers: 2 })).toEqual(['10:ok 10', '11:ok 10', '20:ok 18'])
  })

  test('all at once where nobody waits', () => {
    const lines = clients([0, 1, 2], { discipline: 'infinite' })
    expect(lines).toEqual(['10:ok 10', '11:ok 10', '12:ok 10'])
  })

  test('one more than the queue holds is turned away with an error', () => {
    expect(clients([0, 1, 2], { queue: 1 })).toEqual(['2:error 0', '10:ok 10', '20:ok 19'])
    expect(clients([0, 1], { queue: 0 })).toEqual(['1:error 0', '10:ok 10'])
  })
})

describe('how long it takes', () => {
  test('half as long at twice the speed', () => {
    expect(clients([0, 1], { speed: 2 })).toEqual(['5:ok 5', '10:ok 9'])
  })

  test('longer for the first requests of a cold server', () => {
    const cold = { requests: 2, factor: 3 }
    expect(clients([0, 100, 200], { cold })).toEqual(['30:ok 30', '130:ok 30', '210:ok 10'])
  })

  test('a tenth for a key that it has at hand', () => {
    const servers = [{ cache: { entries: 1, hit: 0.1 } }]
    const keys = { type: 'trace', keys: ['a', 'a', 'b', 'a'] } as const
    const lines = told(plain([0, 100, 200, 300], { servers, keys }))
    expect(clientsOf(lines)).toEqual([
      '10: client ok in 10, attempts 1',
      '101: client ok in 1, attempts 1',
      '210: client ok in 10, attempts 1',
      '310: client ok in 10, attempts 1',
    ])
  })

  test('by the clock, whatever the speed, for a failure that says how long it takes', () => {
    const failure = { rate: 1, after: 3 }
    expect(clients([0, 1], { failure, speed: 0.5 })).toEqual(['3:error 3', '6:error 5'])
    expect(clients([0], { failure: { rate: 1 }, speed: 0.5 })).toEqual(['20:error 20'])
  })
})

describe('what befalls a server', () => {
  test('a change of speed holds for the work that is left', () => {
    const events = [{ at: 4, server: 's1', set: { speed: 0.5 } }] as const
    expect(clients([0, 1], {}, events)).toEqual(['16:ok 16', '36:ok 35'])
  })

  test('a pause moves everything back, two that overlap by both together', () => {
    const pause = (at: number, span: number): EventSpec => ({ at, server: 's1', pause: span })
    expect(clients([0, 1], {}, [pause(4, 20)])).toEqual(['30:ok 30', '40:ok 39'])
    expect(clients([0], {}, [pause(4, 20), pause(14, 20)])).toEqual(['40:ok 40'])
  })

  test('where workers are shared, too', () => {
    const server = { discipline: 'sharing' } as const
    expect(clients([0, 0], server, [{ at: 4, server: '*', pause: 20 }])).toEqual([
      '40:ok 40',
      '40:ok 40',
    ])
    const events = [{ at: 4, server: 's1', set: { speed: 2 } }] as const
    expect(clients([0, 0], server, events)).toEqual(['12:ok 12', '12:ok 12'])
  })

  test('an outage refuses who comes, and serves who is there', () => {
    const events = [
      { at: 2, server: 's1', outage: 'refuse' },
      { at: 6, server: 's1', outage: false },
    ] as const
    expect(clients([0, 5, 7], {}, events)).toEqual(['5:refused 0', '10:ok 10', '20:ok 13'])
  })

  test('one that hangs takes everything and does nothing', () => {
    const events = [
      { at: 2, server: 's1', outage: 'hang' },
      { at: 32, server: 's1', outage: false },
    ] as const
    expect(clients([0, 5, 40], {}, events)).toEqual(['40:ok 40', '50:ok 45', '60:ok 20'])
  })

  test('a restart ends all that it has in hand, refuses for a while, and leaves it cold', () => {
    const cold = { requests: 1, factor: 2 }
    const events = [{ at: 25, server: 's1', restart: 10 }] as const
    expect(clients([0, 21, 22, 30, 40, 70], { cold }, events)).toEqual([
      '20:ok 20',
      '25:error 4',
      '25:error 3',
      '30:refused 0',
      '60:ok 20',
      '80:ok 10',
    ])
  })
})

describe('what is left', () => {
  test('is the work in hand, with what is done taken off', () => {
    for (const discipline of ['fifo', 'lifo', 'sharing', 'infinite'] as const) {
      const { simulation } = begin(plain([0, 4], { servers: [{ discipline }] }))
      const [station] = simulation.stations
      simulation.run(5)
      simulation.clock.now = 6
      expect(station.remaining).toBeCloseTo(discipline === 'infinite' ? 12 : 14, 12)
    }
  })

  test('is nothing when everybody has given up', () => {
    const servers = [{ speed: 0.01, discipline: 'lifo' as const }]
    const work = { type: 'uniform', min: 10, max: 20 } as const
    for (let seed = 1; seed <= 20; seed++) {
      const times = [0, 0.1, 0.2, 0.3, 0.4, 100]
      const { simulation } = begin(plain(times, { seed, servers, work, policy: { timeout: 7.7 } }))
      simulation.run(50)
      expect(simulation.stations[0].remaining).toBe(0)
    }
  })
})

test('work that nobody waits for is dropped before it begins, by a server that looks at deadlines', () => {
  const policy = { timeout: 5, cancels: false }
  const servers = [{ dropsExpired: true }]
  const { simulation } = begin(plain([0, 1, 2, 9], { servers, policy }))
  simulation.run(10)
  // At 10 the first is done, the next two are dropped, and the last one begins.
  expect(simulation.stations[0].model).toMatchObject({ arrived: 4, served: 3 })
  simulation.run()
  expect(simulation.clock.now).toBe(14)
})
