import type { EventSpec, Scenario } from '../../simulator/scenario.ts'
import type { Ours } from '../../simulator/study/contender.ts'
import type { Decided } from './explainer.ts'
import type { RaceFrame } from './frame.ts'
import { Lane } from './lane.ts'

/** Something that may happen, without its time. */
export type Change = EventSpec extends infer Each
  ? Each extends unknown
    ? Omit<Each, 'at'>
    : never
  : never

/**
 * Strategies side by side over the very same arrivals, on one clock: no lane is ever ahead of another. Pure, and deterministic: a race that is run
 * again with the events that were added on the way shows the same.
 */
export class Race {
  readonly lanes: readonly Lane[]
  private time = 0
  private left = true

  /** Throws a `RangeError` that names the path of what is wrong with the scenario. */
  constructor(scenario: Scenario, contenders: readonly Ours[]) {
    this.lanes = contenders.map((contender) => new Lane(scenario, contender))
  }

  get now(): number {
    return this.time
  }

  get over(): boolean {
    return !this.left
  }

  /** All lanes to that virtual time. What is still under way at the end of the scenario is followed to its end. */
  run(until: number): void {
    if (until <= this.time || !this.left) return
    let left = false
    for (const lane of this.lanes) left = lane.run(until) || left
    this.left = left
    this.time =
      until < Infinity
        ? until
        : Math.max(...this.lanes.map(({ simulation }) => simulation.clock.now))
  }

  /** To the next request that comes, which is the next decision of every lane; of closed users to the next decision of any. */
  step(): (Decided | undefined)[] {
    for (const lane of this.lanes) lane.explain()
    const before = this.time
    const next = this.nextArrival
    if (next < Infinity) this.run(next)
    else this.runToDecision()
    return this.lanes.map((lane) => lane.decidedSince(before))
  }

  private get nextArrival(): number {
    return Math.min(...this.lanes.map(({ nextArrival }) => nextArrival))
  }

  private runToDecision(): void {
    const before = this.time
    while (!this.over) {
      const next = Math.min(...this.lanes.map(({ nextEvent }) => nextEvent))
      // At 0 there is something to do, and no time before it.
      this.run(Math.max(next, Number.MIN_VALUE))
      if (this.lanes.some((lane) => lane.decidedSince(before) !== undefined)) return
    }
  }

  /** Something happens in all lanes, as soon as may be. Gives the event with its time, for whoever runs this again. */
  amend(change: Change): EventSpec {
    const event = { ...change, at: justAfter(this.time) } as EventSpec
    for (const { simulation } of this.lanes) simulation.timeline.amend(event)
    return event
  }

  get frame(): RaceFrame {
    return { time: this.time, over: !this.left, lanes: this.lanes.map(({ frame }) => frame) }
  }
}

/** Of what happens at a time itself nobody could say whether it comes before or after; a thousandth of a millisecond later it is clear. */
function justAfter(time: number): number {
  return Math.floor(time * 1000 + 1.5) / 1000
}
