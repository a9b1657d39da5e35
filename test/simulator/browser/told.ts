import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { Outcome } from '../../../proxy/core/recorder.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { resultOf } from '../../../simulator/result.ts'
import { RunRecorder } from '../../../simulator/run-recorder.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import { Simulation } from '../../../simulator/simulation.ts'
import { workSource } from '../../../simulator/work.ts'

/** A run to be told, at once or in slices of these lengths, from the first again after the last. */
export interface Job {
  readonly scenario: Scenario
  readonly slices?: readonly number[]
}

const DRAWS = 4096

/**
 * What came of a run, and a fingerprint of every latency to the last bit, since buckets and means could hide it. And one of the work drawn:
 * in a sum with the time, which is large, the last bit of a draw is mostly lost.
 */
export function told({ scenario, slices }: Job): string {
  const witness = new Witness()
  const simulation = new Simulation(scenario, witness)
  if (slices === undefined) simulation.run()
  else {
    let until = 0
    for (let i = 0; simulation.run(until); i++) until += slices[i % slices.length]
  }
  const draws = new Float64Array(DRAWS)
  workSource(scenario.work, new Rng(scenario.seed)).fill(draws)
  draws.forEach((draw) => witness.print.add(draw))
  return JSON.stringify({ ...resultOf(simulation, witness), fingerprint: witness.print.value })
}

class Witness extends RunRecorder {
  readonly print = new Fingerprint()

  override attempt(server: Endpoint, latency: number, outcome: Outcome): void {
    this.print.add(latency)
    super.attempt(server, latency, outcome)
  }

  override request(latency: number, attempts: number, outcome: Outcome): void {
    this.print.add(latency + attempts)
    super.request(latency, attempts, outcome)
  }
}

/** FNV-1a over numbers, word by word: it differs if any of their bits does. */
class Fingerprint {
  value = 0x811c9dc5 | 0
  private readonly one = new Float64Array(1)
  private readonly words = new Int32Array(this.one.buffer)

  add(number: number): void {
    this.one[0] = number
    this.value = Math.imul(this.value ^ this.words[0], 0x01000193)
    this.value = Math.imul(this.value ^ this.words[1], 0x01000193)
  }
}
