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
  /** A check is under way, and the server does not answer. */
  waiting: boolean
}

/**
 * Active health checks in virtual time: when, how often and what they change is decided by the proxy's own `Health`. A server that takes
 * connections and gets on with its work passes at once; one that refuses fails at once; one that hangs fails when the time is up.
 */
export class HealthChecks {
  private readonly simulation: Simulation
  private readonly spec: CheckSpec
  private readonly watched: Watched[] = []

  constructor(simulation: Simulation, spec: CheckSpec) {
    this.simulation = simulation
    this.spec = spec
  }

  watch(proxy: ProxyModel, station: Station): void {
    const options: HealthOptions = this.spec
    const endpoint = proxy.endpointOf(station)!
    const health = new Health(options, endpoint.healthy)
    const index = this.watched.push({ proxy, station, health, plan: 0, waiting: false }) - 1
    const first = health.firstPause(this.spec.interval, proxy.dice)
    this.simulation.again(this.simulation.clock.now + first, CHECK, index)
  }

  /** Something went wrong with this server: ask it now. */
  suspect(proxy: ProxyModel, station: Station): void {
    const index = this.watched.findIndex((each) => each.proxy === proxy && each.station === station)
    const watched = this.watched[index]
    if (watched === undefined || watched.health.unsettled || watched.waiting) return
    if (proxy.endpointOf(station)?.healthy === true) this.plan(index, 0)
  }

  /** A check is due, or its time is up. */
  run(index: number, plan: number): void {
    const watched = this.watched[index]
    if (plan !== watched.plan) return
    const { health, proxy, station } = watched
    const endpoint = proxy.endpointOf(station)
    if (endpoint === undefined) return // It has been taken out.
    if (!watched.waiting && station.reachable && !station.moving) {
      watched.waiting = true
      this.plan(index, this.spec.timeout)
      return
    }
    const passed = station.reachable && station.moving && !watched.waiting
    const reason = watched.waiting ? 'check timed out' : 'connect refused'
    watched.waiting = false
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
