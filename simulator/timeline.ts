import { CHANGE, eventOf, RESUME } from './events.ts'
import type { EventSpec, OperatorChange, ServerChange, Those } from './scenario.ts'
import type { Simulation } from './simulation.ts'
import type { Station } from './station.ts'
import { strategyOf } from './strategies.ts'

/** What happens to servers and proxies on the way: the scenario's `events`. */
export class Timeline {
  private readonly simulation: Simulation
  private readonly events: EventSpec[]

  constructor(simulation: Simulation) {
    this.simulation = simulation
    this.events = [...(simulation.scenario.events ?? [])]
  }

  /** Plans all of them. */
  begin(): void {
    this.events.forEach(({ at }, index) => this.plan(index, at))
  }

  /**
   * One more, which is still to come; as if the scenario had said so from the start: whoever runs that gets the same. Throws a `RangeError`
   * if its time has passed.
   */
  amend(event: EventSpec): void {
    const { now } = this.simulation.clock
    if (event.at < now) throw new RangeError(`at must not be before now (${now}), got ${event.at}`)
    this.plan(this.events.push(event) - 1, event.at)
  }

  /** The event of that number happens. */
  apply(index: number): void {
    const event = this.events[index]
    const { clock, proxies } = this.simulation
    if ('pause' in event) this.each(event.server, (station) => this.pause(station, event.pause))
    else if ('restart' in event) {
      this.each(event.server, (station) => this.restart(station, event.restart))
    } else if ('outage' in event) this.outage(event.server, event.outage)
    else if ('set' in event) this.each(event.server, (station) => set(station, event.set))
    else if ('operator' in event) {
      this.each(event.server, (station) => this.operate(station, event.operator))
    } else if ('traffic' in event) this.simulation.clients.changePace(clock.now, event.traffic)
    else if ('add' in event) this.simulation.addStations([event.add])
    else if ('remove' in event) {
      this.each(event.remove, (station) => {
        for (const proxy of proxies) proxy.remove(station)
        station.membership.leave(clock.now)
        station.measure(true) // It still serves what it has in hand, but that is no use of the pool's.
      })
    } else {
      const strategy = 'strategy' in event ? strategyOf(event.strategy) : this.simulation.strategy
      this.simulation.strategy = strategy
      for (const proxy of proxies) proxy.balancer.useStrategy(strategy)
    }
    if (event.every !== undefined) this.plan(index, clock.now + event.every)
  }

  /** A pause or a restart of a station is over. */
  resume(station: Station, restarted: boolean): void {
    if (restarted) station.admit()
    else station.resume()
  }

  /** What comes after the last request is of no interest. */
  private plan(index: number, time: number): void {
    const { clock, scenario } = this.simulation
    if (time >= scenario.duration) return
    this.simulation.after(time - clock.now, eventOf(CHANGE, index))
  }

  private pause(station: Station, span: number): void {
    station.stop()
    this.simulation.after(span, eventOf(RESUME, station.index), 0)
  }

  private restart(station: Station, span: number): void {
    station.refuse()
    station.crash()
    this.simulation.after(span, eventOf(RESUME, station.index), 1)
  }

  private outage(those: Those, kind: 'refuse' | 'hang' | false): void {
    this.each(those, (station) => station.setOutage(kind))
  }

  private operate(station: Station, change: OperatorChange): void {
    const { clock, proxies } = this.simulation
    for (const proxy of proxies) {
      const { balancer } = proxy
      const endpoint = proxy.endpointOf(station)
      if (endpoint === undefined) continue
      if (change.weight !== undefined) balancer.setWeight(endpoint, change.weight)
      if (change.max !== undefined) balancer.setMax(endpoint, change.max)
      if (change.admin !== undefined) balancer.setAdmin(endpoint, change.admin)
      const { admin, configuredWeight } = endpoint
      station.membership.setWeight(clock.now, admin === 'ready' ? configuredWeight : 0)
    }
  }

  private each(those: Those, apply: (station: Station) => void): void {
    const ids = typeof those === 'string' ? [those] : those
    for (const station of this.simulation.stations) {
      if (ids.includes(station.id) || those === '*') apply(station)
    }
  }
}

function set(station: Station, { failure, speed }: ServerChange): void {
  if (speed !== undefined) station.setSpeed(speed)
  if (failure !== undefined) station.setFailure(failure)
}
