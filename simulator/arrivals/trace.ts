import { above0, numbers } from '../checks.ts'
import type { Timetable } from './timetable.ts'

export interface TraceSpec {
  type: 'trace'
  /** In milliseconds; a plain list, or an array of floats for many. */
  times: ArrayLike<number>
  /** Twice as fast is 2. Default: 1. */
  speed?: number
}

/**
 * Recorded times, each divided by the speed, so gaps keep their proportions exactly and ties stay ties. Where a trace steps
 * back in time, the request is due together with the latest one before it: a generator cannot send into the past.
 */
export class Trace implements Timetable {
  private readonly times: ArrayLike<number>
  private readonly speed: number
  private index = 0
  private latest = 0

  constructor(spec: TraceSpec, path: string) {
    this.times = numbers(spec.times, `${path}.times`)
    this.speed = above0(spec.speed ?? 1, `${path}.speed`)
  }

  fill(into: Float64Array): void {
    const { speed, times } = this
    let { index, latest } = this
    for (let i = 0; i < into.length; i++) {
      if (index >= times.length) {
        into[i] = Infinity
        continue
      }
      const time = times[index++]
      if (time > latest) latest = time
      into[i] = latest / speed
    }
    this.index = index
    this.latest = latest
  }

  expected(time: number): number {
    let latest = 0
    let count = 0
    for (let i = 0; i < this.times.length; i++) {
      const at = this.times[i]
      if (at > latest) latest = at
      if (latest / this.speed <= time) count++
    }
    return count
  }
}
