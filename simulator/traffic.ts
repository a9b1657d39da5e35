import { mix32 } from '../proxy/core/hash.ts'
import type { Rng } from '../proxy/core/rng.ts'
import { createArrivals } from './arrivals.ts'
import { Batch } from './batch.ts'
import { createKeys, type Keys, sizeUnit } from './keys.ts'
import { Pace } from './pace.ts'
import type { Request } from './request.ts'
import type { Scenario } from './scenario.ts'
import { workSource } from './work.ts'

const AHEAD = 256
/** A key is a 32-bit integer. */
const LARGEST = 2 ** 31 - 1

/**
 * What clients send: when, how much work it is, and for which key. Each has a stream of its own, so different strategies meet the very same
 * requests (common random numbers).
 */
export class Traffic {
  /** Undefined where closed users send: then answers decide when. */
  private readonly arrivals: Batch | undefined
  private readonly works: Batch
  private readonly worksAgain: Batch
  private readonly keys: Keys | undefined
  /** 0: keys are no sizes. */
  private readonly unit: number
  private readonly keysAhead = new Int32Array(AHEAD)
  private readonly end: number
  private readonly pace = new Pace()
  /** When the next request comes by the arrival process itself. */
  private due = 0.5 // Not an integer: from the start the engine keeps room for a double.
  private count = 0

  /** Throws a `RangeError` that names the path of what is wrong. */
  constructor(scenario: Scenario, rng: Rng) {
    const { arrivals, duration, keys, work } = scenario
    this.end = duration
    if (arrivals.type !== 'closed') {
      this.arrivals = new Batch(createArrivals(arrivals, rng.fork('arrivals')))
    }
    this.works = new Batch(workSource(work, rng.fork('work')))
    this.worksAgain = new Batch(workSource(work, rng.fork('work of later attempts')))
    this.unit = sizeUnit(keys)
    if (keys !== undefined && keys.type !== 'size') {
      this.keys = createKeys(keys, rng.fork('keys'))
    }
  }

  /** When the next request comes; `Infinity` after the last. */
  nextAt(): number {
    if (this.arrivals === undefined) return Infinity
    this.due = this.arrivals.next()
    return this.dueAt()
  }

  /** From `now` on requests come so many times as fast as the arrivals say. Gives when the one that was next comes now. */
  changePace(now: number, factor: number): number {
    this.pace.change(now, factor)
    return this.dueAt()
  }

  private dueAt(): number {
    const time = this.pace.outerOf(this.due)
    return time < this.end ? time : Infinity
  }

  /** Fills in what the next request asks for. */
  ask(request: Request): void {
    const { count, keys, unit } = this
    this.count = (count + 1) | 0
    request.work = this.works.next()
    if (unit > 0) {
      request.key = Math.min(request.work / unit, LARGEST) | 0
      return
    }
    if (keys === undefined) {
      request.key = mix32(count)
      return
    }
    const at = count & (AHEAD - 1)
    if (at === 0) keys.fillIndices(this.keysAhead)
    request.keyNumber = this.keysAhead[at]
    request.key = keys.hashes[request.keyNumber]
  }

  /** How a request in the real world says its key; without keys each is the only one of its own. */
  keyText({ keyNumber }: Request): string {
    return this.keys?.text(keyNumber) ?? `only ${this.count}`
  }

  /** The work of an attempt after the first, where each has its own luck. */
  workAgain(): number {
    return this.worksAgain.next()
  }
}
