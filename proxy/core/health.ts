import type { Rng } from './rng.ts'

/** While a server's state is in doubt it is asked this many times as often. */
const HURRY = 10
/** A check comes up to this share of the interval earlier or later, so that checks do not arrive in step. */
const JITTER = 0.1

export interface HealthOptions {
  /** Failed checks in a row that take a server down. */
  fall: number
  /** Passed checks in a row that bring it back. */
  rise: number
}

/** What one check changed. */
export type HealthChange = 'rose' | 'fell' | undefined

/**
 * One server's active health: a flip needs several checks in a row, so that one lost packet changes nothing. The names
 * fall and rise are HAProxy's.
 */
export class Health {
  options: HealthOptions
  private up: boolean
  /** Checks in a row that spoke against the present state. */
  private against = 0

  /** `up`: how it starts. A server is up when the proxy boots, and has to prove itself when added later. */
  constructor(options: HealthOptions, up = true) {
    this.options = options
    this.up = up
  }

  get healthy(): boolean {
    return this.up
  }

  /** Some check spoke against the present state: look again soon. */
  get unsettled(): boolean {
    return this.against > 0
  }

  /** How long until the first check of a server that is watched from now on: anywhere in the interval. */
  firstPause(interval: number, rng: Rng): number {
    return rng.float() * interval
  }

  /** How long after a check the next one is due. */
  pause(interval: number, rng: Rng): number {
    const pause = this.unsettled ? interval / HURRY : interval
    return pause * (1 - JITTER + 2 * JITTER * rng.float())
  }

  report(passed: boolean): HealthChange {
    if (passed === this.up) {
      this.against = 0
      return undefined
    }
    this.against++
    if (this.against < (this.up ? this.options.fall : this.options.rise)) return undefined
    this.up = passed
    this.against = 0
    return passed ? 'rose' : 'fell'
  }
}
