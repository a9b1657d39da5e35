import { log } from '../../proxy/core/logarithm.ts'
import type { Rng } from '../../proxy/core/rng.ts'

/** `poisson`: users who know nothing of each other. `paced`: a metronome. */
export type Rhythm = 'poisson' | 'paced'

export const RHYTHMS: readonly Rhythm[] = ['poisson', 'paced']

/** Points with one a unit on average, in order, as many as are asked for. */
export interface UnitProcess {
  fill(into: Float64Array): void
}

export function unitProcess(rhythm: Rhythm, rng: Rng): UnitProcess {
  return rhythm === 'poisson' ? new UnitPoisson(rng) : new UnitPaced()
}

/** Gaps are exponential, and the past says nothing about the next one. */
class UnitPoisson implements UnitProcess {
  private readonly rng: Rng
  private sum = 0

  constructor(rng: Rng) {
    this.rng = rng
  }

  fill(into: Float64Array): void {
    let { sum } = this
    this.rng.fillFloats(into)
    for (let i = 0; i < into.length; i++) {
      sum -= log(1 - into[i])
      into[i] = sum
    }
    this.sum = sum
  }
}

/** Starts with a beat. Each point is its number, so errors do not add up. */
class UnitPaced implements UnitProcess {
  private count = 0

  fill(into: Float64Array): void {
    for (let i = 0; i < into.length; i++) into[i] = this.count++
  }
}
