import { expect, test } from 'vitest'
import { eventInWords, stateAt } from '../../../dashboard/lab/meddle/state-at.ts'
import { Race } from '../../../dashboard/race/race.ts'
import type { Scenario } from '../../../simulator/scenario.ts'

const SCENARIO: Scenario = {
  name: 'state',
  seed: 1,
  duration: 10_000,
  arrivals: { type: 'poisson', rate: 100 },
  work: { type: 'constant', value: 1 },
  servers: [{ count: 2 }, { id: 'slow', speed: 0.5, failure: { rate: 0.1 } }],
  strategy: 'round_robin',
  events: [
    { at: 4000, server: 'slow', set: { speed: 3 } },
    { at: 1000, server: ['s1', 'slow'], set: { speed: 2, failure: { rate: 0.5 } } },
    { at: 2000, add: {} },
    { at: 3000, server: '*', operator: { weight: 5 } },
    { at: 5000, traffic: 2 },
    { at: 6000, remove: 's2' },
    { at: 7000, server: 's1', outage: 'refuse' },
  ],
}

test('what servers are at a time is what the race shows then', () => {
  const race = new Race(SCENARIO, [{ label: 'round_robin', spec: 'round_robin' }])
  for (let time = 500; time < 9000; time += 500) {
    race.run(time)
    const shown = race.frame.lanes[0].servers
    const state = stateAt(SCENARIO, time)
    expect(state.servers.map(({ id }) => id)).toEqual(shown.map(({ id }) => id))
    expect(state.servers.map(({ gone }) => gone)).toEqual(
      shown.map((each) => each.state === 'gone'),
    )
    expect(state.servers.map(({ speed }) => speed)).toEqual(shown.map(({ speed }) => speed))
    expect(state.traffic).toBe(time >= 5000 ? 2 : 1)
  }
  expect(stateAt(SCENARIO, 8000).servers[0]).toMatchObject({
    failing: 0.5,
    weight: 5,
    outage: 'refuse',
  })
})

test('events are told in words', () => {
  expect(SCENARIO.events!.map(eventInWords)).toEqual([
    'slow: speed × 3',
    's1, slow: speed × 2, fails 50 %',
    'another server comes',
    'all servers: weight 5',
    'traffic × 2',
    's2 is taken away',
    's1 refuses connections',
  ])
})
