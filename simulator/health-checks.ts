import { Health, type HealthOptions } from '../proxy/core/health.ts'
import { CHECK } from './events.ts'
import type { CheckSpec } from './policy.ts'
import type { ProxyModel } from './proxy-model.ts'
import type { Simulation } from './simulation.ts'
import type { Station } from './station.ts'

/** One server as one proxy watches it. */
interface Watched {
  readonly proxy: ProxyModel
  readonly station: Station
  readonly health: Health
  /** Which of the checks that are planned is the one that counts. */
  plan: number
  /** Since when a check is under way that the server has not answered; -1: none is. */
  waitingSince: number
}

/**
 * Active health checks in virtual time: when, how often and what they change is decided by the proxy's own `Health`. A server that takes
 * connections and gets on with its work passes at once; one that refuses fails at once; one that hangs fails when the time is up.
 */
export class HealthChecks {
  private readonly simulation: Simulation
  private readonly spec: CheckSpec
  private readonly watched: Watched[] = []
  /** Where a station is among those, by proxy. */
  private readonly places = new Map<ProxyModel, Map<Station, number>>()

  constructor(simulation: Simulation, spec: CheckSpec) {
    this.simulation = simulation
    this.spec = spec
  }

  watch(proxy: ProxyModel, station: Station): void {
    const options: HealthOptions = this.spec
    const endpoint = proxy.endpointOf(station)!
    const health = new Health(options, endpoint.healthy)
    const index = this.watched.push({ proxy, station, health, plan: 0, waitingSince: -1 }) - 1
    const places = this.places.get(proxy) ?? new Map<Station, number>()
    this.places.set(proxy, places.set(station, index))
    const first = health.firstPause(this.spec.interval, proxy.dice)
    this.simulation.again(this.simulation.clock.now + first, CHECK, index)
  }

  /** Something went wrong with this server: ask it now. */
  suspect(proxy: ProxyModel, station: Station): void {
    const index = this.places.get(proxy)?.get(station)
    if (index === undefined) return
    const watched = this.watched[index]
    if (watched.health.unsettled || watched.waitingSince >= 0) return
    if (proxy.endpointOf(station)?.healthy === true) this.plan(index, 0)
  }

  /** A check is due, or its time is up. */
  run(index: number, plan: number): void {
    const watched = this.watched[index]
    if (plan !== watched.plan) return
    const { health, proxy, station } = watched
    const endpoint = proxy.endpointOf(station)
    if (endpoint === undefined) return // It has been taken out.
    const waited = watched.waitingSince
    if (waited < 0 && station.reachable && station.speedNow === 0) {
      watched.waitingSince = this.simulation.clock.now
      this.plan(index, this.spec.timeout)
      return
    }
    // One that moved again in time has answered, though only now is it asked.
    const passed = station.reachable && station.movedAt > waited
    const reason = waited < 0 ? 'connect refused' : 'check timed out'
    watched.waitingSince = -1
    const change = health.report(passed)
    if (change === 'fell') proxy.balancer.setHealthy(endpoint, false, reason)
    if (change === 'rose') {
      proxy.balancer.setHealthy(endpoint, true, `${this.spec.rise} checks passed`)
    }
    this.plan(index, health.pause(this.spec.interval, proxy.dice))
  }

  private plan(index: number, pause: number): void {
    const watched = this.watched[index]
    watched.plan++
    const { clock } = this.simulation
    this.simulation.again(clock.now + pause, CHECK, index, watched.plan)
  }
}
