import { describe, expect, test } from 'vitest'
import { firstDifference } from '../../../dashboard/race/first-difference.ts'
import { Race } from '../../../dashboard/race/race.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import type { Ours } from '../../../simulator/study/contender.ts'

const SCENARIO: Scenario = {
  name: 'race',
  seed: 3,
  duration: 10_000,
  arrivals: { type: 'poisson', rate: 300 },
  work: { type: 'exponential', mean: 10 },
  servers: [{ count: 3 }, { id: 'slow', speed: 0.5 }],
  strategy: 'round_robin',
}

function ours(...specs: string[]): Ours[] {
  return specs.map((spec) => ({ label: spec, spec }))
}

describe('a step', () => {
  test('tells what each lane has decided, and why', () => {
    const race = new Race(SCENARIO, ours('round_robin', 'least_connections'))
    for (let i = 0; i < 30; i++) {
      const before = race.frame.lanes.map(({ servers }) => servers.map(({ picks }) => picks))
      const decided = race.step()
      race.frame.lanes.forEach(({ servers }, lane) => {
        const got = servers.findIndex(({ picks }, server) => picks > before[lane][server])
        const { came, explanation } = decided[lane]!
        expect(explanation.chosen).toBe(servers[got].id)
        expect(explanation.candidates).toHaveLength(4)
        expect(came).toBe(race.now)
      })
      expect(decided[0]!.explanation.chosen).toBe(['s1', 's2', 's3', 'slow'][i % 4])
      const { candidates, chosen } = decided[1]!.explanation
      const least = Math.min(...candidates.map(({ inFlight }) => inFlight))
      expect(candidates.find(({ server }) => server === chosen)?.inFlight).toBe(least)
    }
  })

  test('changes nothing of what the race comes to', () => {
    const contenders = ours('power_of_two', 'prequal', 'random')
    const stepped = new Race(SCENARIO, contenders)
    const free = new Race(SCENARIO, contenders)
    for (let i = 0; i < 200; i++) stepped.step()
    stepped.run(Infinity)
    free.run(Infinity)
    const seen = (race: Race): unknown =>
      race.frame.lanes.map(({ ended, latency, servers, slices }) => [
        ended,
        latency,
        servers,
        slices,
      ])
    expect(seen(stepped)).toEqual(seen(free))
  })

  test('of closed users goes to the next decision of any lane', () => {
    const think = { type: 'exponential', mean: 10 } as const
    const closed: Scenario = { ...SCENARIO, arrivals: { type: 'closed', users: 5, think } }
    const race = new Race(closed, ours('round_robin', 'random'))
    for (let i = 0; i < 20; i++) {
      const before = race.frame.lanes.reduce((sum, { came }) => sum + came, 0)
      expect(race.step().some((each) => each !== undefined)).toBe(true)
      expect(race.frame.lanes.reduce((sum, { came }) => sum + came, 0)).toBeGreaterThan(before)
    }
  })
})

describe('the first difference', () => {
  test('is the first request that goes elsewhere', () => {
    const contenders = ours('round_robin', 'least_connections')
    const found = firstDifference(SCENARIO, [contenders[0], contenders[1]])!
    const race = new Race(SCENARIO, contenders)
    for (let i = 0; i <= found.alike; i++) {
      const servers = race.step().map((each) => each!.explanation.chosen)
      if (i < found.alike) expect(servers[0]).toBe(servers[1])
      else expect(servers).toEqual(found.servers)
    }
    expect(race.now).toBe(found.at)
  })

  test('is none between a strategy and itself', () => {
    const [one] = ours('power_of_two')
    expect(firstDifference(SCENARIO, [one, one])).toBeUndefined()
  })
})
