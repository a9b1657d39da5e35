import { expect, test } from 'vitest'
import type { AntagonistSpec, EventSpec } from '../../simulator/scenario.ts'
import { begin, plain } from './story.ts'

const checks = { interval: 100, timeout: 30, fall: 2, rise: 2 }

/** Healthy or not, at each of these times; a request comes every 50 ms, so that something happens. */
function healthAt(
  times: readonly number[],
  events: readonly EventSpec[],
  antagonist?: AntagonistSpec,
): boolean[] {
  const arrivals = Array.from({ length: 60 }, (_, i) => 50 * i)
  const servers = [{ id: 'sick', ...(antagonist && { antagonist }) }, { id: 'well' }]
  const { simulation } = begin(plain(arrivals, { servers, events, policy: { checks } }))
  return times.map((time) => {
    simulation.run(time)
    return simulation.proxies[0].balancer.servers[0].healthy
  })
}

test('a server that refuses is out after so many checks, and in again after so many', () => {
  const events: EventSpec[] = [
    { at: 500, server: 'sick', outage: 'refuse' },
    { at: 1500, server: 'sick', outage: false },
  ]
  expect(healthAt([499, 1000, 1500, 2500], events)).toEqual([true, false, false, true])
})

/** When the server fell and rose, with no request on the way unless there are some. */
function flips(events: readonly EventSpec[], more: object, arrivals: readonly number[] = []) {
  const servers = [{ id: 'sick' }, { id: 'well' }]
  const policy = { checks: { ...checks, fall: 1, rise: 1, ...more } }
  const { simulation } = begin(plain([...arrivals, 3000], { servers, events, policy }))
  const [{ balancer }] = simulation.proxies
  const found: number[] = []
  for (let time = 0; time < 3000; time++) {
    simulation.run(time)
    if (balancer.servers[0].healthy === (found.length % 2 === 1)) found.push(time)
  }
  return found
}

test('a flip takes as many checks as it should, in doubt ten times as often, and one that hangs its timeout', () => {
  const out = (outage: 'refuse' | 'hang', at = 500, until = 1500): EventSpec[] => [
    { at, server: 'sick', outage },
    { at: until, server: 'sick', outage: false },
  ]
  const [fell, rose] = flips(out('refuse'), {})
  expect(fell - 500).toBeLessThanOrEqual(111)
  expect(rose - 1500).toBeLessThanOrEqual(111)
  // One check was enough: what came just before it changes nothing.
  expect(flips(out('refuse', fell - 1), {})[0]).toBe(fell)
  expect(flips(out('refuse', 500, rose - 1), {})[1]).toBe(rose)
  const [later] = flips(out('refuse'), { fall: 5 })
  expect(Math.abs(later - fell - 40)).toBeLessThanOrEqual(5) // Four pauses of 9 to 11, in whole milliseconds.
  const [, up] = flips(out('refuse'), { rise: 5 })
  expect(Math.abs(up - rose - 40)).toBeLessThanOrEqual(5)
  expect(flips(out('hang'), {})[0]).toBe(fell + 30)
  // A request that fails is a reason to ask at once.
  expect(flips(out('refuse'), {}, [501, 502])[0]).toBeLessThanOrEqual(502)
  expect(fell).toBeGreaterThan(502)
})

test('one that hangs is out, too', () => {
  const events: EventSpec[] = [{ at: 500, server: 'sick', outage: 'hang' }]
  expect(healthAt([499, 2000], events)).toEqual([true, false])
})

test('one pause that is shorter than two checks puts nobody out', () => {
  expect(healthAt([400, 1000, 2000], [{ at: 500, server: 'sick', pause: 20 }])).toEqual([
    true,
    true,
    true,
  ])
})

test('a check that meets a pause passes if the server moves again in time, and only then', () => {
  // Stands still nearly all the time, so that nearly every check meets a pause.
  const pauses = (pause: number): EventSpec[] => [
    { at: 0, every: pause + 1, server: 'sick', pause },
  ]
  expect(healthAt([1500, 2900], pauses(25))).toEqual([true, true])
  expect(healthAt([1500, 2900], pauses(500))).toContain(false)
})

test('a server without any speed does not pass', () => {
  expect(healthAt([2000], [{ at: 500, server: 'sick', set: { speed: 0 } }])).toEqual([false])
})

test('nor does one while a neighbour takes all of its speed', () => {
  const antagonist = {
    on: { type: 'constant', value: 1000 },
    off: { type: 'constant', value: 500 },
    speed: 0,
  } as const
  expect(healthAt([499, 1400, 1900, 2900], [], antagonist)).toEqual([true, false, true, false])
})

test('a server that is out gets no request', () => {
  const events: EventSpec[] = [{ at: 190, server: 'sick', outage: 'refuse' }]
  const arrivals = Array.from({ length: 60 }, (_, i) => 50 * i)
  const servers = [{ id: 'sick' }, { id: 'well' }]
  const { lines, simulation } = begin(plain(arrivals, { servers, events, policy: { checks } }))
  simulation.run()
  const refused = lines
    .filter((line) => line.includes('sick refused'))
    .map((line) => parseInt(line))
  expect(refused[0]).toBe(200)
  expect(Math.max(...refused)).toBeLessThan(690)
  expect(simulation.stations[0].unreachable).toBe(refused.length)
})
