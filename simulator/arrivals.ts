import { Rng } from '../proxy/core/rng.ts'
import { Bursts, type BurstsSpec } from './arrivals/bursts.ts'
import { checkClosed, type ClosedSpec } from './arrivals/closed.ts'
import { Diurnal, type DiurnalSpec } from './arrivals/diurnal.ts'
import type { Profile } from './arrivals/profile.ts'
import { Profiled } from './arrivals/profiled.ts'
import { Ramp, type RampSpec } from './arrivals/ramp.ts'
import { Steady, type SteadySpec } from './arrivals/steady.ts'
import { Steps, type StepsSpec } from './arrivals/steps.ts'
import type { Timetable } from './arrivals/timetable.ts'
import { Trace, type TraceSpec } from './arrivals/trace.ts'
import { type Rhythm, unitProcess } from './arrivals/unit-process.ts'
import { unknownType } from './checks.ts'

/** When requests arrive, as plain data, whatever becomes of those before. Rates are per second, times milliseconds. */
export type OpenArrivalSpec =
  | SteadySpec
  | BurstsSpec
  | StepsSpec
  | RampSpec
  | DiurnalSpec
  | TraceSpec

export type ArrivalSpec = OpenArrivalSpec | ClosedSpec

/** An open arrival process: it never waits for answers. The simulator and the load generator both draw from it. */
export interface Arrivals {
  /** When the next request is due, in milliseconds since the start, never before the last one; `Infinity` after the last. */
  next(): number
  /** Fills the whole array with what as many calls of `next` would give. */
  fill(into: Float64Array): void
}

/**
 * Throws a `RangeError` that names the path of what is wrong: `arrivals.rate must be above 0, got 0`. Refuses closed users, whose requests
 * come from answers.
 */
export function createArrivals(spec: ArrivalSpec, rng: Rng, path = 'arrivals'): Arrivals {
  return new OneOrMany(timetable(spec, rng, path))
}

/** Throws what `createArrivals` would throw, but knows closed users too. */
export function checkArrivals(spec: ArrivalSpec, path = 'arrivals'): void {
  if (spec.type === 'closed') checkClosed(spec, path)
  else timetable(spec, new Rng(0), path)
}

/** How many requests are expected by a time in milliseconds: of a trace, how many there are. */
export function expectedBy(spec: OpenArrivalSpec, time: number, path = 'arrivals'): number {
  return timetable(spec, new Rng(0), path).expected(time)
}

/** Requests a second on average from the start until `until`, in milliseconds. */
export function meanRate(spec: OpenArrivalSpec, until: number, path = 'arrivals'): number {
  return (expectedBy(spec, until, path) * 1000) / until
}

function timetable(spec: ArrivalSpec, rng: Rng, path: string): Timetable {
  const at = (profile: Profile, rhythm: Rhythm = 'poisson'): Timetable =>
    new Profiled(unitProcess(rhythm, rng), profile)
  switch (spec.type) {
    case 'poisson':
    case 'paced':
      return at(new Steady(spec, path), spec.type)
    case 'bursts':
      return at(new Bursts(spec, path, rng))
    case 'steps':
      return at(new Steps(spec, path), spec.rhythm)
    case 'ramp':
      return at(new Ramp(spec, path), spec.rhythm)
    case 'diurnal':
      return at(new Diurnal(spec, path))
    case 'trace':
      return new Trace(spec, path)
    case 'closed':
      throw new RangeError(`${path}.type must not be closed here: its requests wait for answers`)
    default:
      throw unknownType(spec, path, 'poisson, paced, bursts, steps, ramp, diurnal, trace, closed')
  }
}

class OneOrMany implements Arrivals {
  private readonly times: Timetable
  private readonly one = new Float64Array(1)

  constructor(times: Timetable) {
    this.times = times
  }

  next(): number {
    this.times.fill(this.one)
    return this.one[0]
  }

  fill(into: Float64Array): void {
    this.times.fill(into)
  }
}
