import type { Outcome } from '../../proxy/core/recorder.ts'
import { Rng } from '../../proxy/core/rng.ts'
import { type RunResult, resultOf } from '../../simulator/result.ts'
import { RunRecorder } from '../../simulator/run-recorder.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { Simulation } from '../../simulator/simulation.ts'
import { type Calibration, networkOf } from './calibration.ts'

/**
 * How often each run is foretold. What is measured is one more of these if the model is right, and then it is outside of all of them in one
 * case of twenty: 2 / (39 + 1).
 */
const TIMES = 39

/** A scenario as it would be with what the ways take, as often as it is foretold, each time with other dice for the ways. */
export function foretell(scenario: Scenario, calibration: Calibration): RunResult[] {
  const rng = new Rng(scenario.seed)
  const real = { ...scenario, network: networkOf(calibration) }
  return Array.from({ length: TIMES }, (_, i) => {
    const recorder = new FromOutside(calibration.front.values, rng.fork(`front ${i}`))
    const networkDice = rng.fork(`network ${i}`)
    const simulation = new Simulation(real, recorder, { networkDice })
    simulation.run()
    return resultOf(simulation, recorder)
  })
}

/** Clients are in front of the proxy: to them a request takes longer than to the proxy. */
class FromOutside extends RunRecorder {
  private readonly front: readonly number[]
  private readonly dice: Rng

  constructor(front: readonly number[], dice: Rng) {
    super()
    this.front = front
    this.dice = dice
  }

  override request(latency: number, attempts: number, outcome: Outcome): void {
    super.request(latency + this.front[this.dice.int(this.front.length)], attempts, outcome)
  }
}
