import type { BalancerOptions } from './balancer-options.ts'
import type { DueShare } from './due-share.ts'
import { checkWeight, type Endpoint } from './endpoint.ts'
import type { Memory } from './memory.ts'
import { SlowStart, type SlowStartOptions } from './slow-start.ts'

/** For slow start that is switched off, and never asked. */
const AT_ONCE: SlowStartOptions = { duration: 0, aggression: 1, floor: 1 }

/** Sets what servers weigh: as configured, or less while they start slowly. Picks so far count by the weights so far. */
export class Weights {
  private readonly ramp: SlowStart
  /** The same while it is switched on. It has its memory all the time: of a shared one nobody gets more later. */
  private slowStart: SlowStart | undefined
  private readonly due: DueShare

  constructor({ clock, slowStart }: BalancerOptions, memory: Memory, due: DueShare) {
    this.ramp = new SlowStart(slowStart ?? AT_ONCE, clock, memory)
    this.slowStart = slowStart && this.ramp
    this.due = due
  }

  /** Throws a `RangeError` for a weight out of range. */
  set(server: Endpoint, weight: number): void {
    this.due.settle()
    server.configuredWeight = checkWeight(server.id, weight)
    if (this.slowStart === undefined) server.weight = server.configuredWeight
    else this.slowStart.weigh(server)
  }

  /** Other rules for all servers; undefined: everybody has his whole weight at once. */
  follow(options: SlowStartOptions | undefined, servers: readonly Endpoint[]): void {
    if (options === undefined && this.slowStart === undefined) return
    this.due.settle()
    if (options === undefined) this.ramp.end()
    else this.ramp.follow(options)
    this.slowStart = options && this.ramp
    this.ramp.weighAll(servers)
  }

  startSlowly(server: Endpoint): void {
    if (this.slowStart === undefined) return
    this.due.settle()
    this.slowStart.begin(server)
  }

  /** Says whether weights have changed. */
  tick(servers: readonly Endpoint[]): boolean {
    this.due.settle()
    if (this.slowStart?.due !== true) return false
    this.slowStart.weighAll(servers)
    return true
  }
}
