import { test } from 'vitest'
import { RunRecorder } from '../../simulator/run-recorder.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { Simulation } from '../../simulator/simulation.ts'

test('a server that shares its workers does not finish what was given up', () => {
  const scenario: Scenario = {
    name: 'given up while it had least left',
    seed: 0,
    duration: 1000,
    arrivals: { type: 'closed', users: 5, think: { type: 'exponential', mean: 1 } },
    work: { type: 'exponential', mean: 1 },
    servers: [{ discipline: 'sharing' }],
    strategy: 'round_robin',
    policy: { total: 1 },
  }
  new Simulation(scenario, new RunRecorder()).run()
})
