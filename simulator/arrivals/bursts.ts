import { expm1 } from '../../proxy/core/exponential.ts'
import { log } from '../../proxy/core/logarithm.ts'
import type { Rng } from '../../proxy/core/rng.ts'
import { above0, atLeast } from '../checks.ts'
import type { Profile } from './profile.ts'

export interface BurstsSpec {
  type: 'bursts'
  calm: Spell
  burst: Spell
}

export interface Spell {
  /** From 0 up; 0 is a silence. */
  rate: number
  /** How long such a spell lasts on average. */
  mean: number
}

/**
 * Calm and burst take turns, each exponentially long, and each with a Poisson stream of its own rate: the Markov-modulated Poisson process
 * with two states. Fischer and Meier-Hellstern, "The Markov-modulated Poisson process (MMPP) cookbook", Performance Evaluation 18(2), 1993.
 *
 * Begins in the long run: whether in a calm or in a burst is drawn. Spells have a stream of their own, so the n-th request's random number
 * does not depend on them.
 */
export class Bursts implements Profile {
  private readonly spells: readonly [Spell, Spell]
  private readonly rng: Rng
  private readonly one = new Float64Array(1)
  private readonly average: number
  /** The spell we are in, when it began and ends, and how many requests are expected before its begin and its end. */
  private state = 0
  private begin = 0
  private end = 0
  private before = 0
  private after = 0

  constructor(spec: BurstsSpec, path: string, rng: Rng) {
    this.spells = checked(spec, path)
    this.average = rate(spec)
    this.rng = rng.fork('spells')
    const { burst, calm } = spec
    this.state = this.rng.float() < calm.mean / (calm.mean + burst.mean) ? 0 : 1
    this.last()
  }

  invert(values: Float64Array): void {
    for (let i = 0; i < values.length; i++) {
      while (values[i] >= this.after) {
        this.state = 1 - this.state
        this.begin = this.end
        this.before = this.after
        this.last()
      }
      values[i] = this.begin + (1000 * (values[i] - this.before)) / this.spells[this.state].rate
    }
  }

  expected(time: number): number {
    return (this.average * time) / 1000
  }

  /** Draws how long the spell that has begun lasts. */
  private last(): void {
    const { mean, rate: requests } = this.spells[this.state]
    this.rng.fillFloats(this.one)
    const length = -mean * log(1 - this.one[0])
    this.end = this.begin + length
    this.after = this.before + (requests * length) / 1000
  }
}

/** Requests a second in the long run. */
function rate({ burst, calm }: BurstsSpec): number {
  return (calm.rate * calm.mean + burst.rate * burst.mean) / (calm.mean + burst.mean)
}

/**
 * Variance over mean of the number of requests in `time` milliseconds, which is 1 for a Poisson stream: how bursty the stream is on that
 * scale. With r = 1 / calm.mean + 1 / burst.mean and v the variance of the rate, 1 + 2 v / (r rate) (1 - (1 - exp(-r time)) / (r time)). Heffes and
 * Lucantoni, "A Markov Modulated Characterization of Packetized Voice and Data Traffic", IEEE JSAC 4(6), 1986.
 */
export function dispersion(spec: BurstsSpec, time: number): number {
  const { burst, calm } = spec
  const share = calm.mean / (calm.mean + burst.mean)
  const variance = share * (1 - share) * (burst.rate - calm.rate) ** 2
  const switching = 1 / calm.mean + 1 / burst.mean
  const span = switching * time
  // Rates are a second, times milliseconds.
  return 1 + ((2 * variance) / (1000 * switching * rate(spec))) * (1 + expm1(-span) / span)
}

function checked({ burst, calm }: BurstsSpec, path: string): [Spell, Spell] {
  for (const [spell, name] of [
    [calm, 'calm'],
    [burst, 'burst'],
  ] as const) {
    atLeast(spell?.rate, 0, `${path}.${name}.rate`)
    above0(spell?.mean, `${path}.${name}.mean`)
  }
  if (calm.rate === 0 && burst.rate === 0) {
    throw new RangeError(`${path}.burst.rate must be above 0 if ${path}.calm.rate is 0`)
  }
  return [{ ...calm }, { ...burst }]
}
