import { describe, expect, test } from 'vitest'
import { ENDING_WIDTH, REQUEST_WIDTH, SLICES } from '../../../dashboard/race/frame.ts'
import { Race } from '../../../dashboard/race/race.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import { simulate } from '../../../simulator/result.ts'
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
const CONTENDERS: Ours[] = ['round_robin', 'least_connections'].map((spec) => ({
  label: spec,
  spec,
}))

/** All that frames tell but what ended just now. */
function seen(race: Race): unknown {
  const { lanes, ...rest } = race.frame
  return { ...rest, lanes: lanes.map((lane) => ({ ...lane, endings: [] })) }
}

describe('a race', () => {
  test('shows in the end what each strategy comes to alone', () => {
    const race = new Race(SCENARIO, CONTENDERS)
    for (let time = 0; time < 10_000; time += 77) race.run(time)
    race.run(Infinity)
    for (const [i, { spec }] of CONTENDERS.entries()) {
      const { requests, servers } = simulate({ ...SCENARIO, strategy: spec })
      const lane = race.frame.lanes[i]
      expect(lane.latency?.p99).toBe(requests.latency?.p99)
      expect(lane.ended).toBe(requests.count)
      expect(lane.servers.map(({ id, picks }) => [id, picks])).toEqual(
        servers.map(({ attempts, id }) => [id, attempts.count]),
      )
    }
    expect(race.over).toBe(true)
  })

  test('keeps all lanes at one time, and gives them the same arrivals', () => {
    const race = new Race(SCENARIO, CONTENDERS)
    for (let i = 0; i < 50; i++) {
      race.step()
      const { lanes, time } = race.frame
      expect(lanes.map(({ came }) => came)).toEqual([i + 1, i + 1])
      expect(time).toBe(race.lanes[0].simulation.clock.now)
    }
  })

  test('shows each request that is at a server, with its number for as long as it is there', () => {
    const race = new Race(SCENARIO, CONTENDERS)
    race.run(3000)
    for (const { requests, servers } of race.frame.lanes) {
      const at = servers.map(() => [0, 0])
      for (let i = 0; i < requests.length; i += REQUEST_WIDTH) {
        at[requests[i + 1]][requests[i + 2]]++
        expect(requests[i + 3]).toBeLessThanOrEqual(3000)
      }
      expect(at).toEqual(servers.map(({ queued, serving }) => [queued, serving]))
    }
  })

  test('tells what ended since the last look', () => {
    const race = new Race(SCENARIO, CONTENDERS)
    race.run(1000)
    const before = race.frame.lanes[0].ended
    race.run(1200)
    const { ended, endings } = race.frame.lanes[0]
    expect(endings.length / ENDING_WIDTH).toBe(ended - before)
  })

  test('divides the run into equal slices, and has an interval for its p99', () => {
    const race = new Race(SCENARIO, CONTENDERS)
    race.run(5000)
    const [{ latency, slices }] = race.frame.lanes
    expect(slices).toHaveLength(SLICES / 2)
    expect(latency!.p99Low!).toBeLessThanOrEqual(latency!.p99)
    expect(latency!.p99High!).toBeGreaterThanOrEqual(latency!.p99)
    race.run(Infinity)
    expect(race.frame.lanes[0].slices).toHaveLength(SLICES)
  })

  test('with changes on the way is what the scenario with these events is from the start', () => {
    const race = new Race(SCENARIO, CONTENDERS)
    race.run(2000)
    const events = [race.amend({ server: 's1', set: { speed: 0.2 } })]
    race.run(4000.5)
    events.push(race.amend({ traffic: 1.5 }), race.amend({ server: '*', operator: { weight: 2 } }))
    race.run(10_000)
    const again = new Race({ ...SCENARIO, events }, CONTENDERS)
    again.run(10_000)
    expect(seen(again)).toEqual(seen(race))
  })
})
