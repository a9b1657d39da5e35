import { expect, test } from 'vitest'
import { RunRecorder } from '../../simulator/run-recorder.ts'
import { Simulation } from '../../simulator/simulation.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { plain } from './story.ts'

const times = Array.from({ length: 400 }, (_, i) => 3 * i)

function attemptsAt(scenario: Scenario): number[] {
  const simulation = new Simulation(scenario, new RunRecorder())
  simulation.run()
  return simulation.stations.map(({ model }) => model.arrived)
}

test('a server that says that it is busy is left alone, by a strategy that asks', () => {
  const servers = [{ workers: 1, speed: 0.4 }, { workers: 4 }]
  const [slow, fast] = attemptsAt(plain(times, { servers, strategy: 'prequal' }))
  expect(slow).toBeLessThan(fast / 2)
  const even = attemptsAt(plain(times, { servers, strategy: 'round_robin' }))
  expect(even).toEqual([200, 200])
})

test('with notices each idle server tells one proxy, and none sends to a busy one while it knows an idle one', () => {
  const scenario = plain(times, {
    servers: [{ count: 20 }],
    strategy: { name: 'join_idle_queue', notice: 'reported' },
    notices: true,
  })
  const recorder = new RunRecorder()
  const simulation = new Simulation(scenario, recorder)
  simulation.run()
  // Some three of twenty are busy. Only the first requests are sent anywhere; then somebody has always said that he is idle.
  expect(recorder.requests.latency.max).toBeLessThan(30)
  expect(recorder.requests.latency.quantile(0.9)).toBeCloseTo(10, 0)
})

test('nobody reports where nobody listens', () => {
  const simulation = new Simulation(plain(times, { servers: [{ count: 2 }] }), new RunRecorder())
  simulation.run()
  expect(simulation.stations[0].load).toBeUndefined()
})
