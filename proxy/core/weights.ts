import type { BalancerOptions } from './balancer-options.ts'
import type { DueShare } from './due-share.ts'
import { checkWeight, type Endpoint } from './endpoint.ts'
import type { Memory } from './memory.ts'
import { SlowStart } from './slow-start.ts'

/** Sets what servers weigh: as configured, or less while they start slowly. Picks so far count by the weights so far. */
export class Weights {
  private readonly slowStart: SlowStart | undefined
  private readonly due: DueShare

  constructor({ clock, slowStart }: BalancerOptions, memory: Memory, due: DueShare) {
    this.slowStart = slowStart && new SlowStart(slowStart, clock, memory)
    this.due = due
  }

  /** Throws a `RangeError` for a weight out of range. */
  set(server: Endpoint, weight: number): void {
    this.due.settle()
    server.configuredWeight = checkWeight(server.id, weight)
    if (this.slowStart === undefined) server.weight = server.configuredWeight
    else this.slowStart.weigh(server)
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
