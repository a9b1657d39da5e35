import { expect, test } from 'vitest'
import type { Recorder } from '../../proxy/core/recorder.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { Simulation } from '../../simulator/simulation.ts'
import { Story } from './story.ts'

const blind: Recorder = { attempt() {}, request() {}, tick() {} }

const base: Scenario = {
  name: 'sticky',
  seed: 7,
  duration: 3000,
  warmup: 0,
  arrivals: { type: 'poisson', rate: 300 },
  work: { type: 'exponential', mean: 10 },
  keys: { type: 'zipf', count: 50, exponent: 0.7 },
  servers: [{ count: 4 }, { weight: 2 }],
  strategy: 'round_robin',
}

/** Everything that happens, in order. */
function storyOf(scenario: Scenario): string[] {
  const story = new Story()
  const simulation = new Simulation(scenario, story)
  story.clock = simulation.clock
  simulation.run()
  return story.lines
}

test('requests of a key stay at one server, whatever the strategy: where rendezvous would have sent them', () => {
  const home = storyOf({ ...base, strategy: 'rendezvous' })
  expect(home.length).toBeGreaterThan(500)
  for (const strategy of ['round_robin', 'random', 'least_connections', 'peak_ewma']) {
    expect(storyOf({ ...base, strategy, policy: { sticky: true } })).toEqual(home)
  }
  expect(storyOf(base)).not.toEqual(home)
})

test('and wait for it where it is full, as long as others wait', () => {
  const servers = [{ count: 3, max: 1 }]
  const policy = { sticky: true, queue: { length: 1000, timeout: 400 } }
  const arrivals = { type: 'poisson', rate: 150 } as const
  const keys = { type: 'zipf', count: 1, exponent: 1 } as const
  const one = new Simulation({ ...base, arrivals, keys, servers, policy }, blind)
  one.run()
  const served = one.stations.map(({ model }) => model.served)
  expect(served.filter((count) => count > 0)).toHaveLength(1)
  expect(one.clients.endings.refused).toBeGreaterThan(50)
})
