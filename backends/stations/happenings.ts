import { CHANGE, eventOf, RESUME } from '../../simulator/events.ts'
import type { EventSpec, OperatorChange, Those } from '../../simulator/scenario.ts'
import type { Station } from '../../simulator/station.ts'
import type { Stations } from './stations.ts'

/**
 * What befalls servers on the way, by the scenario's `events`, as `simulator/timeline.ts` has it. What operators do to balancers is done
 * elsewhere; here it only counts for what a server is due.
 */
export class Happenings {
  private readonly world: Stations
  private readonly events: readonly EventSpec[]
  private readonly operated = new Map<Station, Required<Pick<OperatorChange, 'admin' | 'weight'>>>()

  constructor(world: Stations) {
    this.world = world
    this.events = world.scenario.events
  }

  begin(): void {
    this.events.forEach(({ at }, index) => this.plan(index, at))
  }

  happen(index: number): void {
    const event = this.events[index]
    const { world } = this
    if ('add' in event) world.add(event.add)
    else if ('remove' in event) this.each(event.remove, (station) => this.remove(station))
    else if ('server' in event) this.each(event.server, (station) => this.befall(station, event))
    if (event.every !== undefined) this.plan(index, world.clock.now + event.every)
  }

  /** A pause or a restart is over. */
  resume(station: Station, restarted: boolean): void {
    if (restarted) station.admit()
    else station.resume()
    this.world.changed(station)
  }

  private befall(station: Station, event: Extract<EventSpec, { readonly server: Those }>): void {
    if ('pause' in event) {
      station.stop()
      this.later(event.pause, station, 0)
    } else if ('restart' in event) {
      station.refuse()
      station.crash()
      this.later(event.restart, station, 1)
    } else if ('outage' in event) station.setOutage(event.outage)
    else if ('set' in event) {
      const { failure, speed } = event.set
      if (speed !== undefined) station.setSpeed(speed)
      if (failure !== undefined) station.setFailure(failure)
    } else this.operate(station, event.operator)
    this.world.changed(station)
  }

  private remove(station: Station): void {
    station.membership.leave(this.world.clock.now)
    station.measure(true)
  }

  private operate(station: Station, change: OperatorChange): void {
    const before = this.operated.get(station) ?? {
      admin: 'ready',
      weight: station.spec.weight ?? 1,
    }
    const after = { ...before, ...change }
    this.operated.set(station, after)
    const { admin, weight } = after
    station.membership.setWeight(this.world.clock.now, admin === 'ready' ? weight : 0)
  }

  private later(span: number, station: Station, restarted: 0 | 1): void {
    const { clock, queue } = this.world
    queue.add(clock.now + span, eventOf(RESUME, station.index), restarted)
  }

  private plan(index: number, time: number): void {
    if (time < this.world.scenario.duration) this.world.queue.add(time, eventOf(CHANGE, index))
  }

  private each(those: Those, apply: (station: Station) => void): void {
    const ids = typeof those === 'string' ? [those] : those
    for (const station of this.world.stations) {
      if (ids.includes(station.id) || those === '*') apply(station)
    }
  }
}
