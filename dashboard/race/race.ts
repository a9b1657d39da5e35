import type { EventSpec, Scenario } from '../../simulator/scenario.ts'
import type { Ours } from '../../simulator/study/contender.ts'
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
  private readonly duration: number
  private time = 0
  private left = true

  /** Throws a `RangeError` that names the path of what is wrong with the scenario. */
  constructor(scenario: Scenario, contenders: readonly Ours[]) {
    this.duration = scenario.duration
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
    this.time = until
  }

  /** To the next request that comes: the next decision of every lane. */
  step(): void {
    const next = Math.min(...this.lanes.map(({ nextArrival }) => nextArrival))
    this.run(next === Infinity ? this.duration : next)
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
