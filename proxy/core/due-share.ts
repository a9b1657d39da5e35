import type { Endpoint } from './endpoint.ts'
import type { Memory } from './memory.ts'
import type { SharePromise } from './strategy.ts'

/**
 * How many picks each server got, and how many it was due: what it got is compared with this, not with its share of today, because servers
 * come and go. While the eligible set stays the same, every pick is worth the same fraction to a server, so the sum is
 * brought up to date once an epoch and not once a pick.
 *
 * For strategies that follow the load the share by weight is no promise, only the yardstick.
 */
export class DueShare {
  /** What is due by; change it with `follow`. */
  promise: SharePromise
  private readonly given: Float64Array
  private readonly due: Float64Array
  private eligible: readonly Endpoint[] = []
  private total = 0
  /** Given since `due` was brought up to date. */
  private picks = 0

  constructor(memory: Memory, promise: SharePromise) {
    this.promise = promise
    this.given = memory.ownFloatPerSlot()
    this.due = memory.ownFloatPerSlot()
  }

  /** Another strategy, another promise: it holds for the picks that are not counted yet. */
  follow(promise: SharePromise): void {
    this.settle()
    this.promise = promise
    this.addUp()
  }

  /** From here on picks are due to these servers. */
  begin(eligible: readonly Endpoint[]): void {
    this.settle()
    this.eligible = eligible.slice()
    this.addUp()
  }

  /** Hot: one request was given to the server in this slot. */
  count(slot: number): void {
    this.given[slot]++
    this.picks++
  }

  /** Hot: likewise, but it was not the strategy's to give: it was due there, whatever the strategy promises. */
  keep(slot: number): void {
    this.given[slot]++
    this.due[slot]++
  }

  /** Brings `of` up to date. */
  settle(): void {
    if (this.picks > 0 && this.total > 0) {
      for (const server of this.eligible) {
        if (server.slot >= 0)
          this.due[server.slot] += (this.picks * this.worth(server)) / this.total
      }
    }
    this.picks = 0
  }

  /** How many picks the server in this slot got so far. */
  picksOf(slot: number): number {
    return this.given[slot]
  }

  /** How many it was due so far. */
  of(slot: number): number {
    return this.due[slot]
  }

  private addUp(): void {
    this.total = 0
    for (const server of this.eligible) this.total += this.worth(server)
  }

  private worth(server: Endpoint): number {
    return this.promise === 'equal' ? 1 : server.weight
  }
}
