import type { Scenario } from '../../simulator/scenario.ts'
import type { Ours } from '../../simulator/study/contender.ts'
import { Lane } from './lane.ts'

/** Where two lanes part ways. */
export interface Difference {
  /** The first tries that went to the same server before. */
  readonly alike: number
  /** Virtual time: of the first of the two decisions. */
  readonly at: number
  readonly servers: readonly [string | undefined, string | undefined]
}

/** So many pieces of the run are done, and then looked at. */
const PIECES = 500

/**
 * The first request that one strategy sends elsewhere than the other, told by when it came; undefined if there is none. Runs both anew: from the
 * beginning to that decision.
 */
export function firstDifference(
  scenario: Scenario,
  contenders: readonly [Ours, Ours],
): Difference | undefined {
  const logs = contenders.map((contender) => new Log(new Lane(scenario, contender)))
  const [one, other] = logs
  let seen = 0
  for (let piece = 1; piece <= PIECES; piece++) {
    const until = piece === PIECES ? Infinity : (scenario.duration * piece) / PIECES
    for (const { lane } of logs) lane.run(until)
    const both = Math.min(one.count, other.count)
    for (; seen < both; seen++) {
      if (one.came[seen] !== other.came[seen] || one.servers[seen] !== other.servers[seen])
        return differ(one, other, seen)
    }
  }
  return one.count === other.count ? undefined : differ(one, other, seen)
}

function differ(one: Log, other: Log, alike: number): Difference {
  const at = Math.min(one.at[alike] ?? Infinity, other.at[alike] ?? Infinity)
  return { alike, at, servers: [one.servers[alike], other.servers[alike]] }
}

/** Every first try of a lane. */
class Log {
  readonly lane: Lane
  readonly came: number[] = []
  readonly at: number[] = []
  readonly servers: string[] = []

  constructor(lane: Lane) {
    this.lane = lane
    const { simulation } = lane
    simulation.onDecision = ({ arrivedAt, attempts }, station) => {
      if (attempts > 0) return
      this.came.push(arrivedAt)
      this.at.push(simulation.clock.now)
      this.servers.push(station.id)
    }
  }

  get count(): number {
    return this.came.length
  }
}
