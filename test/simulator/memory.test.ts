import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { RunRecorder } from '../../simulator/run-recorder.ts'
import { Simulation } from '../../simulator/simulation.ts'
import { countable } from '../laws/allocation.ts'
import { plain } from './story.ts'

const probe = fileURLToPath(new URL('memory-probe.ts', import.meta.url))

test('memory grows with those under way, not with those served', () => {
  const scenario = plain([], {
    arrivals: { type: 'paced', rate: 1000 },
    work: { type: 'exponential', mean: 7 },
    duration: Infinity,
    servers: [{ count: 10 }],
    network: { type: 'exponential', mean: 1 },
    policy: { timeout: 100, total: 200, retries: { attempts: 2, afterTimeout: true } },
  })
  const simulation = new Simulation(scenario, new RunRecorder())
  /** Attempts that there ever were at a time, and events that are planned, as of now. */
  const sizes = (until: number): [number, number] => {
    simulation.run(until)
    return [simulation.attempts.length, simulation.queue.length]
  }
  const [attempts, events] = sizes(20_000)
  expect(simulation.clients.generated).toBeGreaterThan(19_999)
  const [later, laterEvents] = sizes(200_000)
  expect(simulation.clients.generated).toBeGreaterThan(199_999)
  // A longer run meets a longer queue once; ten times the requests are not ten times the memory, nor twice.
  expect(later).toBeLessThan(2 * attempts)
  expect(laterEvents).toBeLessThan(2 * events + 20)
})

test.runIf(countable).each(['round_robin', 'power_of_two'])(
  'a request allocates no object, with %s',
  async (strategy) => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', probe, strategy])
    // Some numbers are boxed on their way, 16 bytes each: 64 to 87 were seen. An object of two fields has 40.
    expect(Number(stdout)).toBeLessThan(100)
  },
  120_000,
)
