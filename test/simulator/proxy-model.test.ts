import { describe, expect, test } from 'vitest'
import type { Scenario } from '../../simulator/scenario.ts'
import { begin, clientsOf, plain, told } from './story.ts'

/** Servers that answer with an error after `after` ms, so many of them. */
function failing(count: number, after = 1): Scenario['servers'] {
  return [{ count, failure: { rate: 1, after } }]
}

describe('retries', () => {
  test.each([0, 1, 3])('%i retries make one attempt more than that', (attempts) => {
    const policy = { retries: { attempts, afterAnswers: true } }
    const lines = told(plain([0], { servers: failing(5), policy }))
    const end = attempts + 1
    expect(clientsOf(lines)).toEqual([`${end}: client error in ${end}, attempts ${end}`])
    expect(lines.length).toBe(end + 1)
    const servers = lines.slice(0, -1).map((line) => line.split(' ')[1])
    expect(new Set(servers).size).toBe(end) // A server of its own for each.
  })

  test('an answer that is an error is passed on, as the proxy does', () => {
    const policy = { retries: { attempts: 3 } }
    expect(clientsOf(told(plain([0], { servers: failing(2), policy })))).toEqual([
      '1: client error in 1, attempts 1',
    ])
  })

  test('who is refused tries another server at once', () => {
    const events = [{ at: 0, server: 's1', outage: 'refuse' }] as const
    const policy = { retries: { attempts: 1 } }
    expect(told(plain([1], { servers: [{ count: 2 }], events, policy }))).toEqual([
      '1: s1 refused in 0',
      '11: s2 ok in 10',
      '11: client ok in 10, attempts 2',
    ])
  })

  test('a budget of a tenth lets one request of ten try again', () => {
    const policy = { retries: { attempts: 1, budget: 0.1, afterAnswers: true } }
    const times = Array.from({ length: 20 }, (_, i) => 10 * i)
    const lines = clientsOf(told(plain(times, { servers: failing(2), policy })))
    expect(lines.filter((line) => line.endsWith('attempts 2')).length).toBe(2)
    expect(lines[9]).toBe('92: client error in 2, attempts 2')
  })

  test('a timeout is the end, unless clients are to try again after it', () => {
    const scenario = plain([0], { servers: [{ count: 2, speed: 0.1 }] })
    const retries = { attempts: 1 }
    expect(told({ ...scenario, policy: { timeout: 30, retries } })).toEqual([
      '30: s1 timeout in 30',
      '30: client timeout in 30, attempts 1',
    ])
    const again = { timeout: 30, retries: { ...retries, afterTimeout: true } }
    expect(told({ ...scenario, policy: again })).toEqual([
      '30: s1 timeout in 30',
      '60: s2 timeout in 30',
      '60: client timeout in 60, attempts 2',
    ])
  })

  test('a pause before a retry is drawn, and no longer than it may be', () => {
    const backoff = { base: 100, max: 100 }
    const policy = { retries: { attempts: 1, afterAnswers: true, backoff } }
    const ends = Array.from({ length: 20 }, (_, seed) => {
      const [line] = clientsOf(told(plain([0], { seed, servers: failing(2), policy })))
      return Number(line.split(':')[0])
    })
    expect(Math.min(...ends)).toBeGreaterThanOrEqual(2)
    expect(Math.max(...ends)).toBeLessThanOrEqual(102)
    expect(new Set(ends).size).toBe(20)
  })
})

describe('timeouts', () => {
  test('who gives up frees the worker for the next', () => {
    const policy = { timeout: 12 }
    expect(clientsOf(told(plain([0, 1, 2], { servers: [{ speed: 0.5 }], policy })))).toEqual([
      '12: client timeout in 12, attempts 1',
      '13: client timeout in 12, attempts 1',
      '14: client timeout in 12, attempts 1',
    ])
    // Without the first the second would be done at 21; so it begins at 4, not at 20.
    expect(
      clientsOf(told(plain([0, 1], { servers: [{ speed: 0.5 }], policy: { total: 25 } }))),
    ).toEqual(['20: client ok in 20, attempts 1', '26: client timeout in 25, attempts 1'])
  })

  test('a server that nobody tells goes on with work that nobody waits for', () => {
    const scenario = plain([0, 1, 15], { policy: { timeout: 5, cancels: false } })
    const { simulation } = begin(scenario)
    simulation.run(11)
    expect(simulation.stations[0].model).toMatchObject({ served: 1, abandoned: 0 })
    const told = begin({ ...scenario, policy: { timeout: 5 } }).simulation
    told.run(11)
    expect(told.stations[0].model).toMatchObject({ served: 0, abandoned: 2 })
  })

  test('the total counts over all attempts', () => {
    const policy = { total: 25, retries: { attempts: 9, afterAnswers: true } }
    expect(clientsOf(told(plain([0], { servers: failing(2, 10), policy })))).toEqual([
      '25: client timeout in 25, attempts 3',
    ])
  })
})

describe('hedging', () => {
  test('a second server is asked when the first takes long; the first answer wins, and the other is let go', () => {
    const servers = [{ speed: 0.1 }, {}]
    const policy = { hedging: { delay: 20 } }
    expect(told(plain([0], { servers, policy }))).toEqual([
      '30: s2 ok in 10',
      '30: s1 aborted in 30',
      '30: client ok in 30, attempts 2',
    ])
  })

  test('nobody is asked twice who is answered in time', () => {
    const policy = { hedging: { delay: 20 } }
    expect(clientsOf(told(plain([0], { servers: [{ count: 2 }], policy })))).toEqual([
      '10: client ok in 10, attempts 1',
    ])
  })
})

describe('a waiting line', () => {
  test('holds who finds every server full, first come first served', () => {
    const servers = [{ count: 2, max: 1 }]
    const policy = { queue: { length: 10, timeout: 1000 } }
    expect(clientsOf(told(plain([0, 1, 2, 3], { servers, policy })))).toEqual([
      '10: client ok in 10, attempts 1',
      '11: client ok in 10, attempts 1',
      '20: client ok in 18, attempts 1',
      '21: client ok in 18, attempts 1',
    ])
  })

  test('turns away who finds it full, and who has waited too long, at the next tick', () => {
    const servers = [{ max: 1, speed: 0.01 }]
    const policy = { queue: { length: 1, timeout: 150 } }
    expect(clientsOf(told(plain([0, 10, 20], { servers, policy })))).toEqual([
      '20: client refused in 0, attempts 0',
      '200: client refused in 190, attempts 0',
      '1000: client ok in 1000, attempts 1',
    ])
  })
})

test('without a server that may be asked a request is refused', () => {
  const events = [{ at: 0, server: '*', operator: { admin: 'maint' } }] as const
  expect(told(plain([1], { events }))).toEqual(['1: client refused in 0, attempts 0'])
})

test('each of several proxies counts for itself: both send their first to the same server', () => {
  const scenario = plain([0, 0, 0, 0, 0, 0, 0, 0], { servers: [{ count: 2 }], proxies: 2 })
  const { simulation } = begin(scenario)
  simulation.run(5)
  const inFlight = simulation.proxies.map(({ balancer }) =>
    balancer.servers.map(({ inflight }) => inflight),
  )
  const [[a, b], [c, d]] = inFlight
  expect(a + b + c + d).toBe(8)
  for (const [first, second] of inFlight) expect([0, 1]).toContain(first - second)
  expect(simulation.stations[0].inHand).toBe(a + c)
})

describe('ejection', () => {
  const ejection = { consecutive: 2, base: 1000, max: 1000, share: 0.5 }
  const times = Array.from({ length: 20 }, (_, i) => 20 * i)

  /** How many of twenty requests met an error. */
  function errorsWith(status: 500 | 503): number {
    const servers = [{ failure: { rate: 1, status } }, {}]
    const lines = clientsOf(told(plain(times, { servers, policy: { ejection } })))
    return lines.filter((line) => line.includes('client error')).length
  }

  test('follows answers that say that the way is broken, as a 503 does, and not a plain 500', () => {
    expect(errorsWith(503)).toBe(2)
    expect(errorsWith(500)).toBe(10)
  })
})

test('to be turned away by a full queue is an answer, which is tried again only where answers are', () => {
  const lastOf = (afterAnswers: boolean): string | undefined => {
    const servers = [{ queue: 0 }, { queue: 0 }]
    const policy = { retries: { attempts: 1, afterAnswers } }
    const work = { type: 'constant', value: 100 } as const
    const lines = clientsOf(told(plain([0, 1, 2], { servers, policy, work })))
    return lines.find((line) => line.startsWith('2:'))
  }
  expect(lastOf(false)).toBe('2: client error in 0, attempts 1')
  expect(lastOf(true)).toBe('2: client error in 0, attempts 2')
})

test('after a hedge that failed as well, neither of the two is tried again', () => {
  const scenario = plain([0], {
    servers: [{ count: 3 }],
    work: { type: 'constant', value: 100 },
    policy: { hedging: { delay: 10 }, retries: { attempts: 2 } },
    events: [
      { at: 20, server: 's1', restart: 1000 },
      { at: 30, server: 's2', restart: 1000 },
    ],
  })
  const lines = told(scenario)
  expect(lines.filter((line) => line.includes('ok'))).toEqual([
    '130: s3 ok in 100',
    '130: client ok in 130, attempts 3',
  ])
})

test('a hedge does not take the place of one who waits in line', () => {
  // s1 is busy until 1000, the second request waits; s2 comes at 5, and the hedge of the first is due at 10, before anybody has looked.
  const scenario = plain([0, 1], {
    servers: [{ max: 1 }],
    work: { type: 'constant', value: 1000 },
    policy: { hedging: { delay: 10 }, queue: { length: 10, timeout: 60_000 } },
    events: [{ at: 5, add: { id: 's2', max: 1 } }],
  })
  expect(clientsOf(told(scenario))).toEqual([
    '1000: client ok in 1000, attempts 1',
    '1100: client ok in 1099, attempts 1',
  ])
})

test('whose time is up in the line was refused, and is no fault of a server', () => {
  const scenario = plain([0, 0.5], {
    servers: [{ max: 1 }],
    work: { type: 'constant', value: 4000 },
    policy: { total: 300, queue: { length: 10, timeout: 60_000 } },
    events: [{ at: 1, server: '*', operator: { admin: 'drain' } }],
  })
  expect(clientsOf(told(scenario))).toEqual([
    '300: client timeout in 300, attempts 1',
    '300.5: client refused in 300, attempts 0',
  ])
})
