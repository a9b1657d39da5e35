import { type ELDHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'

/** How often the event loop is looked at, in milliseconds. */
const RESOLUTION = 20

/** How a thread is, as plain data. Counted since it began, so that two who look do not disturb each other. */
export interface ThreadVitals {
  /** Bytes that JavaScript uses. */
  heapUsed: number
  /** Milliseconds that its event loop was busy, and waiting. */
  active: number
  idle: number
  /** How late its event loop was, in milliseconds. */
  lagP50: number
  lagP99: number
  lagMax: number
}

export class Vitals {
  private readonly delay: ELDHistogram

  constructor() {
    this.delay = monitorEventLoopDelay({ resolution: RESOLUTION })
    this.delay.enable()
  }

  read(): ThreadVitals {
    const { active, idle } = performance.eventLoopUtilization()
    const { delay } = this
    return {
      // Not process.memoryUsage(), which opens a file, and so throws when no more can be opened.
      heapUsed: getHeapStatistics().used_heap_size,
      active,
      idle,
      lagP50: late(delay.percentile(50)),
      lagP99: late(delay.percentile(99)),
      lagMax: late(delay.max),
    }
  }

  close(): void {
    this.delay.disable()
  }
}

/** Heaps and times of several threads add up; of how late they were the worst counts, since it is that which clients notice. */
export function mergeVitals(parts: readonly ThreadVitals[]): ThreadVitals {
  const sum = (name: keyof ThreadVitals): number =>
    parts.reduce((total, part) => total + part[name], 0)
  const worst = (name: keyof ThreadVitals): number =>
    parts.reduce((most, part) => Math.max(most, part[name]), 0)
  return {
    heapUsed: sum('heapUsed'),
    active: sum('active'),
    idle: sum('idle'),
    lagP50: worst('lagP50'),
    lagP99: worst('lagP99'),
    lagMax: worst('lagMax'),
  }
}

/** What is measured is the time between two looks; how late it was is what goes beyond. */
function late(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - RESOLUTION)
}
