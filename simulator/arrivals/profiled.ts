import type { Profile } from './profile.ts'
import type { Timetable } from './timetable.ts'
import type { UnitProcess } from './unit-process.ts'

/** A unit process at the rate of a profile. */
export class Profiled implements Timetable {
  private readonly unit: UnitProcess
  private readonly profile: Profile
  private latest = 0

  constructor(unit: UnitProcess, profile: Profile) {
    this.unit = unit
    this.profile = profile
  }

  fill(into: Float64Array): void {
    this.unit.fill(into)
    this.profile.invert(into)
    // Rounding where one rate ends and another begins must not lead into the past.
    let { latest } = this
    for (let i = 0; i < into.length; i++) {
      if (into[i] < latest) into[i] = latest
      else latest = into[i]
    }
    this.latest = latest
  }

  expected(time: number): number {
    return this.profile.expected(time)
  }
}
