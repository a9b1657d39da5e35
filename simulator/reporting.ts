import type { Clock } from '../proxy/core/clock.ts'
import type { Endpoint } from '../proxy/core/endpoint.ts'
import { copyReport } from '../proxy/core/report.ts'
import type { Rng } from '../proxy/core/rng.ts'
import { type DistributionSpec, sampler } from './distributions.ts'
import { IdleNotices } from './idle-notices.ts'
import { News } from './news.ts'
import type { ProxyModel } from './proxy-model.ts'
import type { Attempt } from './request.ts'
import type { Station } from './station.ts'

export interface ReportingOptions {
  readonly clock: Clock
  readonly rng: Rng
  readonly proxies: readonly ProxyModel[]
  /** How long a message takes, one way; undefined: no time. */
  readonly network: DistributionSpec | undefined
  /** See `Scenario.notices`. */
  readonly notices: boolean
}

/** What servers say of their load: answers to questions, notes along with answers, notices that they are idle. */
export class Reporting {
  readonly news: News
  private readonly clock: Clock
  private readonly notices: IdleNotices | undefined
  private readonly stations = new Map<Endpoint, Station>()
  /** Each station as the proxies know it, in their order. */
  private readonly known = new Map<Station, Endpoint[]>()

  constructor({ clock, network, notices, proxies, rng }: ReportingOptions) {
    this.clock = clock
    this.news = new News({
      clock,
      delay: network === undefined ? () => 0 : sampler(network, rng.fork('news'), 'network'),
      report: (server) => {
        const station = this.stations.get(server)
        return station?.reachable === true && station.speedNow > 0
          ? station.load!.read(clock.now)
          : undefined
      },
    })
    const dispatchers = proxies.map(({ balancer }) => balancer)
    this.notices = notices
      ? new IdleNotices({ news: this.news, rng: rng.fork('notices'), dispatchers })
      : undefined
  }

  know(endpoint: Endpoint, station: Station): void {
    this.stations.set(endpoint, station)
    const known = this.known.get(station)
    if (known === undefined) this.known.set(station, [endpoint])
    else known.push(endpoint)
  }

  /** A station says along with an answer how it is. */
  note(attempt: Attempt): void {
    if (this.notices !== undefined) return
    copyReport(attempt.station.load!.read(this.clock.now), attempt.report)
    attempt.reports = true
  }

  /** A station has nothing in hand. */
  idle(station: Station): void {
    if (this.notices === undefined || !station.reachable) return
    const known = this.known.get(station)!
    if (known[0].removed) return // From all proxies at once.
    this.notices.idle(known, station.load!.read(this.clock.now))
  }
}
