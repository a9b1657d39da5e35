import type { Clock } from './clock.ts'
import { type Endpoint, LEAST_WEIGHT } from './endpoint.ts'
import { exp } from './exponential.ts'
import { log } from './logarithm.ts'
import type { Memory } from './memory.ts'

export interface SlowStartOptions {
  /** How long it lasts, in milliseconds. */
  duration: number
  /** 1: in a straight line; above 1 faster at first, below 1 slower at first. */
  aggression: number
  /** The share of its weight that a server begins with, 0 to 1. */
  floor: number
}

/** Weights are made anew in this many steps, but not more often than once a second, because tables depend on them (as HAProxy does). */
const STEPS = 20
const LEAST_STEP = 1000

/**
 * The part of its weight that a server gets at that age: from `floor` up to 1, never falling. Envoy's formula (slow start
 * mode, 2021).
 */
export function slowStartFactor(age: number, options: SlowStartOptions): number {
  const { aggression, duration, floor } = options
  if (age >= duration) return 1
  const part = Math.max(age, 0) / duration
  return Math.max(floor, aggression === 1 ? part : exp(log(part) / aggression))
}

function stepOf({ duration }: SlowStartOptions): number {
  return Math.max(LEAST_STEP, duration / STEPS)
}

/**
 * Brings servers up to their weight little by little: those that come back, and those that are new to a pool at work. Cold
 * caches and compilers that have not seen the code yet make a server slow at first, and a full share would drown it. Not
 * when everything begins at once, since then there is nobody to take the rest.
 *
 * It only ever lowers weights, so a strategy that does not look at weights does not see it.
 */
export class SlowStart {
  private options: SlowStartOptions
  private readonly clock: Clock
  private step: number
  /** When each server began, by slot, plus 1; 0: it is not in its window. Shared, so that all threads see one ramp. */
  private readonly since: Float64Array
  /** When the weights are to be made anew; Infinity while no server is in its window. */
  private nextAt: number

  constructor(options: SlowStartOptions, clock: Clock, memory: Memory) {
    this.options = options
    this.clock = clock
    this.step = stepOf(options)
    this.since = memory.floatPerSlot()
    // A thread that joins later may find servers in their windows.
    this.nextAt = memory.shared ? clock.now : Infinity
  }

  /** Other rules: who is in a window goes on by them, as if they had held since it began. */
  follow(options: SlowStartOptions): void {
    this.options = options
    this.step = stepOf(options)
    this.nextAt = this.clock.now
  }

  /** Nobody is in a window any more. */
  end(): void {
    this.since.fill(0)
  }

  /** A server's window begins now; anew if it has been in one for a step or longer, else it goes on. */
  begin(server: Endpoint): void {
    const { clock, since, step } = this
    const { slot } = server
    // Another thread may have said so a moment ago: then it is the same beginning.
    if (since[slot] === 0 || clock.now - (since[slot] - 1) >= step) since[slot] = clock.now + 1
    this.nextAt = Math.min(this.nextAt, clock.now + step)
    this.weigh(server)
  }

  /** The part of its weight that a server has now. */
  factorOf({ slot }: Endpoint): number {
    if (this.since[slot] === 0) return 1
    return slowStartFactor(this.clock.now - (this.since[slot] - 1), this.options)
  }

  /** It is time to make the weights anew. */
  get due(): boolean {
    return this.clock.now >= this.nextAt
  }

  /** Gives a server the part of its weight that it has now. */
  weigh(server: Endpoint): void {
    const weight = server.configuredWeight * this.factorOf(server)
    // No strategy is built for less: static_stride would look for a server for ever.
    server.weight = weight > 0 ? Math.max(weight, LEAST_WEIGHT) : 0
  }

  /** Makes the weights of all servers anew. */
  weighAll(servers: readonly Endpoint[]): void {
    for (const server of servers) this.weigh(server)
    const under = servers.some((server) => server.weight < server.configuredWeight)
    this.nextAt = under ? this.clock.now + this.step : Infinity
  }
}
