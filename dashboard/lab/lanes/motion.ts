import { OUTCOMES } from '../../../proxy/core/recorder.ts'
import { ENDING_WIDTH, type LaneFrame, REQUEST_WIDTH } from '../../race/frame.ts'
import { type Geometry, placeOf, sizeFor, SIZES } from './geometry.ts'

/** A request at a server, as it is drawn. */
export interface Dot {
  x: number
  y: number
  /** Virtual milliseconds since its request came. */
  age: number
  serving: boolean
  server: number
  /** Screen time: when it set out to where it is drawn next, and from where. */
  since: number
  fromX: number
  fromY: number
  toX: number
  toY: number
  flies: 'in' | 'settles'
  seen: number
}

/** One that has left: it falls out below, or bounces back where it came from. */
export interface Leaver {
  x: number
  y: number
  since: number
  age: number
  ok: boolean
}

/** Screen milliseconds. */
const FLIGHT = 320
const SETTLING = 140
const LEAVING = 380
/** More at a time would be a blur. */
const MOST_LEAVERS = 160

/**
 * Follows requests from frame to frame, by their numbers, so that each comes from the dispatcher, sinks in its vessel, and goes. That is screen
 * time: it takes as long whether the race is slow or fast. What comes and goes between two frames is seen to leave only.
 */
export class Motion {
  readonly dots = new Map<number, Dot>()
  leavers: Leaver[] = []
  size: number = SIZES[0]
  private round = 0
  private readonly still: boolean
  private readonly counts: number[] = []

  /** `still`: nobody wants to see things fly. */
  constructor(still: boolean) {
    this.still = still
  }

  /** Something is on its way, at this screen time. */
  moving(now: number): boolean {
    if (this.leavers.length > 0) return true
    for (const dot of this.dots.values()) if (now - dot.since < FLIGHT) return true
    return false
  }

  /** All at once where it is: after a jump there is nothing to be seen on its way. */
  reset(): void {
    this.dots.clear()
    this.leavers = []
  }

  follow(frame: LaneFrame, time: number, geometry: Geometry, now: number): void {
    this.round++
    const { counts } = this
    let most = 0
    for (const { queued, serving } of frame.servers) most = Math.max(most, serving + queued)
    this.size = sizeFor(geometry, most, this.size)
    counts.length = 0
    // Those that are served are at the bottom, and above them who came first.
    const order = orderOf(frame.requests)
    for (const at of order) {
      const server = frame.requests[at + 1]
      const vessel = geometry.vessels[server]
      if (vessel === undefined) continue
      const n = (counts[server] = (counts[server] ?? 0) + 1) - 1
      const [x, y] = placeOf(geometry, vessel, this.size, n)
      if (y < geometry.brim - this.size) continue
      this.place(frame.requests, at, x, Math.max(y, geometry.brim), time, geometry, now)
    }
    const gone = this.takeGone(frame.servers.length)
    this.leave(frame, gone, geometry, now)
  }

  /** Moves all to where they are at this screen time. */
  move(now: number): void {
    for (const dot of this.dots.values()) {
      const span = dot.flies === 'in' ? FLIGHT : SETTLING
      const part = Math.min(1, (now - dot.since) / span)
      if (dot.flies === 'in') fly(dot, part)
      else {
        const eased = 1 - (1 - part) ** 2
        dot.x = dot.fromX + (dot.toX - dot.fromX) * eased
        dot.y = dot.fromY + (dot.toY - dot.fromY) * eased
      }
    }
    this.leavers = this.leavers.filter(({ since }) => now - since < LEAVING)
  }

  /** How far a leaver is, from 0 to 1. */
  static gone(leaver: Leaver, now: number): number {
    return Math.min(1, (now - leaver.since) / LEAVING)
  }

  private place(
    requests: Float64Array,
    at: number,
    x: number,
    y: number,
    time: number,
    geometry: Geometry,
    now: number,
  ): void {
    const [number, server, serving, came] = requests.subarray(at, at + REQUEST_WIDTH)
    const age = Math.max(0, time - came)
    let dot = this.dots.get(number)
    // A number is used again: the same server and a lower age is somebody else.
    if (dot !== undefined && (dot.server !== server || age < dot.age - 1e-6)) dot = undefined
    if (dot === undefined) {
      const { mouth, rail } = geometry
      dot = {
        x: mouth,
        y: rail,
        age,
        serving: serving === 1,
        server,
        since: this.still ? -Infinity : now,
        fromX: mouth,
        fromY: rail,
        toX: x,
        toY: y,
        flies: 'in',
        seen: this.round,
      }
      this.dots.set(number, dot)
      return
    }
    dot.age = age
    dot.serving = serving === 1
    dot.seen = this.round
    if (dot.toX === x && dot.toY === y) return
    dot.toX = x
    dot.toY = y
    if (dot.flies === 'in' && now - dot.since < FLIGHT) return // It goes there right away.
    dot.flies = 'settles'
    dot.fromX = dot.x
    dot.fromY = dot.y
    dot.since = this.still ? -Infinity : now
  }

  /** Those that are no longer there, by server. */
  private takeGone(servers: number): Dot[][] {
    const gone: Dot[][] = Array.from({ length: servers }, () => [])
    for (const [number, dot] of this.dots) {
      if (dot.seen === this.round) continue
      this.dots.delete(number)
      gone[dot.server]?.push(dot)
    }
    return gone
  }

  private leave({ endings }: LaneFrame, gone: Dot[][], geometry: Geometry, now: number): void {
    if (this.still) return
    for (let at = 0; at < endings.length; at += ENDING_WIDTH) {
      const [server, outcome, latency] = endings.subarray(at, at + ENDING_WIDTH)
      const vessel = geometry.vessels[server]
      if (vessel === undefined || this.leavers.length >= MOST_LEAVERS) continue
      const dot = gone[server].pop()
      const x = dot?.toX ?? vessel.left + vessel.width / 2
      const y = dot?.toY ?? geometry.base - 3 - this.size / 2
      const ok = OUTCOMES[outcome] === 'ok'
      this.leavers.push({ x, y, since: now, age: latency, ok })
    }
    // What ends in the warm-up nobody counts, but it goes.
    for (const dot of gone.flat()) {
      if (this.leavers.length >= MOST_LEAVERS) return
      this.leavers.push({ x: dot.x, y: dot.y, since: now, age: dot.age, ok: true })
    }
  }
}

/** Along the rail, and then down: as things go that are dispatched. */
function fly(dot: Dot, part: number): void {
  const across = Math.min(1, part * 1.7)
  const down = Math.max(0, (part - 0.35) / 0.65)
  const eased = across * across * (3 - 2 * across)
  dot.x = dot.fromX + (dot.toX - dot.fromX) * eased
  dot.y = dot.fromY + (dot.toY - dot.fromY) * down * down
}

function orderOf(requests: Float64Array): number[] {
  const order: number[] = []
  for (let at = 0; at < requests.length; at += REQUEST_WIDTH) order.push(at)
  return order.sort(
    (a, b) => requests[b + 2] - requests[a + 2] || requests[a + 3] - requests[b + 3],
  )
}
