import { describe, expect, test } from 'vitest'
import { dispersion, type Made, scenarioOf } from '../../../dashboard/live/compare/scenario-of.ts'
import { labLink, textOf } from '../../../dashboard/live/compare/lab-link.ts'
import { readLink } from '../../../dashboard/lab/setup/link.ts'
import type { Snapshot } from '../../../proxy/core/snapshot.ts'
import { checkScenario } from '../../../simulator/check-scenario.ts'
import { moments } from '../../../simulator/distributions.ts'
import { Scene } from '../../proxy/admin/scene.ts'

/** Two servers, one four times as slow, with so many requests. */
function measured(requests = 400): Snapshot {
  const scene = new Scene()
  for (let i = 0; i < requests; i++) {
    const server = scene.balancer.acquire(0, 0)!
    const latency = (server.id === 'b1' ? 10 : 40) * (1 + (i % 10) / 10)
    const outcome = server.id === 'b2' && i % 7 === 0 ? 'error' : 'ok'
    scene.balancer.release(server, latency, outcome)
    scene.series.attempt(server, latency, outcome)
    scene.series.request(latency, 1, outcome)
  }
  for (let i = 0; i < 9; i++) {
    scene.clock.now += 100
    scene.balancer.tick()
  }
  scene.clock.now += 100
  const snapshot = scene.series.second()
  scene.admin.close()
  return snapshot
}

const EVEN = Array.from({ length: 60 }, () => 400)

function made(counts: readonly number[], joined = measured()): Made {
  const found = scenarioOf({
    joined,
    counts,
    inflights: new Map(),
    strategy: 'weighted_round_robin',
    limits: new Map([['b2', 5]]),
  })
  if (typeof found === 'string') throw new Error(found)
  return found
}

test('servers have the speeds, weights, limits and failures that were measured', () => {
  const { scenario } = made(EVEN)
  const [b1, b2] = scenario.servers
  expect(b1.speed! / b2.speed!).toBeCloseTo(4, 0)
  expect([b1.id, b1.weight, b1.max, b1.failure]).toEqual(['b1', 3, undefined, undefined])
  expect([b2.id, b2.weight, b2.max]).toEqual(['b2', 1, 5])
  expect(b2.failure!.rate).toBeGreaterThan(0)
  expect('problems' in checkScenario(scenario)).toBe(false)
})

test('a server that only fails is there, and fails as quickly as it does', () => {
  const joined = structuredClone(measured())
  const { attempts } = joined.servers[1]
  attempts.outcomes.error += attempts.outcomes.ok
  attempts.outcomes.ok = 0
  attempts.latency = null
  const inflights = new Map([['b2', (attempts.rate * 3) / 1000]])
  const found = scenarioOf({
    joined,
    counts: EVEN,
    inflights,
    strategy: 'least_connections',
    limits: new Map(),
  })
  const { remarks, scenario } = found as Made
  expect(scenario.servers.map(({ id }) => id)).toEqual(['b1', 'b2'])
  expect(scenario.servers[1].failure).toEqual({ rate: 1, after: 3 })
  expect(remarks.join(' ')).toContain('Little')
  expect('problems' in checkScenario(scenario)).toBe(false)
})

test('the mean of the work is that of all answers', () => {
  const joined = measured()
  const { scenario } = made(EVEN, joined)
  const { mean } = moments(scenario.work as Parameters<typeof moments>[0])
  let [sum, count] = [0, 0]
  for (const { attempts } of joined.servers) {
    sum += attempts.latency!.mean * attempts.latency!.count
    count += attempts.latency!.count
  }
  expect(mean / (sum / count)).toBeCloseTo(1, 1)
})

describe('arrivals', () => {
  const swing = (by: number): number[] => EVEN.map((each, i) => each + (i % 2 === 0 ? by : -by))

  test('that vary as by chance are Poisson', () => {
    expect(dispersion(swing(20))).toBeCloseTo(1, 1)
    expect(made(swing(20)).scenario.arrivals).toEqual({ type: 'poisson', rate: 400 })
  })

  test('that hardly vary are even', () => {
    expect(made(EVEN).scenario.arrivals).toEqual({ type: 'paced', rate: 400 })
  })

  test('that vary more come in bursts of the same mean', () => {
    const { arrivals } = made(swing(120)).scenario
    expect(arrivals.type).toBe('bursts')
    const { burst, calm } = arrivals as Extract<typeof arrivals, { type: 'bursts' }>
    expect((burst.rate + calm.rate) / 2).toBeCloseTo(400, 0)
    expect(burst.rate).toBeGreaterThan(500)
  })
})

test('says why there can be no scenario', () => {
  const joined = measured(0)
  const common = { strategy: 'random', inflights: new Map(), limits: new Map<string, number>() }
  expect(scenarioOf({ ...common, joined, counts: EVEN })).toMatch(/nothing to simulate/)
  expect(scenarioOf({ ...common, joined: measured(), counts: [1, 2] })).toMatch(/five seconds/)
})

test('the Lab reads the link that it is given', async () => {
  const { scenario } = made(EVEN)
  const spec = { name: 'power_of_two', choices: 3 }
  const link = await labLink(scenario, spec, 5)
  const setup = await readLink(link.slice(link.indexOf('#')))
  expect(setup).toEqual({ scenario, strategies: [textOf(spec)], reps: 5 })
})
