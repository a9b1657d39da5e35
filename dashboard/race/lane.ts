import type { Scenario } from '../../simulator/scenario.ts'
import type { Station } from '../../simulator/station.ts'
import type { Ours } from '../../simulator/study/contender.ts'
import { type LaneFrame, MOST_REQUESTS, REQUEST_WIDTH, type ServerFrame } from './frame.ts'
import { type Decided, Explainer } from './explainer.ts'
import { LaneRecorder } from './lane-recorder.ts'
import { WatchedSimulation } from './watched-simulation.ts'

/** One strategy of a race: the simulation itself, and what is to be seen of it. */
export class Lane {
  readonly label: string
  readonly simulation: WatchedSimulation
  private readonly recorder: LaneRecorder
  private readonly places = new Map<string, number>()
  private explainer: Explainer | undefined

  constructor(scenario: Scenario, { label, spec }: Ours) {
    this.label = label
    this.recorder = new LaneRecorder(scenario.duration, ({ id }) => this.placeOf(id))
    this.simulation = new WatchedSimulation({ ...scenario, strategy: spec }, this.recorder)
    this.recorder.clock = this.simulation.clock
  }

  /** To virtual time `until`; says whether anything is left to do. */
  run(until: number): boolean {
    return this.simulation.run(until)
  }

  /** When the next request of an open process comes. */
  get nextArrival(): number {
    return this.simulation.clients.arrival.at
  }

  /** When anything happens next. */
  get nextEvent(): number {
    const { clients, queue } = this.simulation
    return Math.min(clients.arrival.at, queue.nextAt)
  }

  /** From here on it writes down why it decides as it does, which costs time and changes nothing. */
  explain(): void {
    this.explainer ??= new Explainer(this.simulation)
  }

  /** The latest decision, if it was after that time. */
  decidedSince(time: number): Decided | undefined {
    return this.explainer?.since(time)
  }

  get frame(): LaneFrame {
    const { label, recorder, simulation } = this
    const { clients, proxies, stations } = simulation
    const { endings, generated } = clients
    const { balancer } = proxies[0]
    const failed = endings.error + endings.timeout + endings.refused
    return {
      label,
      strategy: balancer.strategy.name,
      promise: balancer.promise,
      servers: stations.map((station) => this.serverFrame(station)),
      requests: this.requests(),
      endings: recorder.takeEndings(),
      waiting: proxies.reduce((sum, { line }) => sum + (line?.length ?? 0), 0),
      came: generated,
      ended: endings.ok + failed + endings.aborted,
      failed,
      retries: recorder.retries,
      latency: recorder.latency,
      slices: recorder.slices,
    }
  }

  private placeOf(id: string): number {
    let place = this.places.get(id)
    if (place === undefined) {
      place = this.simulation.stations.findIndex((station) => station.id === id)
      this.places.set(id, place)
    }
    return place
  }

  private serverFrame(station: Station): ServerFrame {
    const { proxies } = this.simulation
    const { failed, id, model, occupancy } = station
    const endpoint = proxies[0].endpointOf(station)
    let picks = 0
    let due = 0
    for (const proxy of proxies) {
      const known = proxy.endpointOf(station)
      if (known === undefined) continue
      picks += proxy.balancer.picksOf(known)
      due += proxy.balancer.dueOf(known)
    }
    return {
      id,
      state: endpoint?.state ?? 'gone',
      reason: endpoint?.reason ?? '',
      weight: endpoint?.weight ?? 0,
      speed: station.speedNow,
      workers: occupancy.workers,
      serving: model.serving,
      queued: model.queued,
      room: model.queue,
      picks,
      due,
      failed: failed + model.refused + station.unreachable,
    }
  }

  private requests(): Float64Array {
    const { attempts } = this.simulation
    const found = new Float64Array(MOST_REQUESTS * REQUEST_WIDTH)
    let at = 0
    for (const attempt of attempts) {
      if (attempt.place === 'outside') continue
      found[at++] = attempt.index
      found[at++] = attempt.station.index
      found[at++] = attempt.place === 'serving' ? 1 : 0
      found[at++] = attempt.data.arrivedAt
      if (at === found.length) break
    }
    return found.slice(0, at)
  }
}
