/** Run by memory.test.ts in a process of its own: prints how many bytes a simulated request allocates. */
import type { Recorder } from '../../proxy/core/recorder.ts'
import { RunRecorder } from '../../simulator/run-recorder.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { Simulation } from '../../simulator/simulation.ts'
import { bytesEach } from '../laws/allocation.ts'

/** A request every so often on average, so many of them a call. */
const GAP = 10 / 9
const CALLS = 200
const EACH = 1000

const scenario: Scenario = {
  name: 'memory',
  seed: 1,
  duration: Infinity,
  arrivals: { type: 'poisson', rate: 1000 / GAP },
  work: { type: 'exponential', mean: 10 },
  servers: [{ count: 10, workers: 1 }],
  strategy: process.argv[2],
}

const recorder: Recorder = new RunRecorder()
const simulation = new Simulation(scenario, recorder)
const advance = (): void => {
  simulation.run(simulation.clock.now + EACH * GAP)
}
console.log(bytesEach(advance, 500, { count: CALLS }) / EACH)
