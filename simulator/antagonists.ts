import { Batch } from './batch.ts'
import { source } from './distributions.ts'
import { ANTAGONIST } from './events.ts'
import type { Simulation } from './simulation.ts'
import type { Station } from './station.ts'

/** The noisy neighbour of one server. */
class Antagonist {
  readonly station: Station
  readonly speed: number
  readonly on: Batch
  readonly off: Batch
  working = false

  constructor(station: Station, speed: number, on: Batch, off: Batch) {
    this.station = station
    this.speed = speed
    this.on = on
    this.off = off
  }
}

/** Noisy neighbours: they take a part of a server's speed for a while, and then leave it alone for a while. */
export class Antagonists {
  private readonly simulation: Simulation
  private readonly all: Antagonist[] = []

  constructor(simulation: Simulation) {
    this.simulation = simulation
  }

  /** The station gets its neighbour, if its spec has one. */
  add(station: Station): void {
    const { antagonist } = station.spec
    if (antagonist === undefined) return
    const rng = this.simulation.rng.fork(`antagonist of ${station.id}`)
    const on = new Batch(source(antagonist.on, rng.fork('on')))
    const off = new Batch(source(antagonist.off, rng.fork('off')))
    const index = this.all.push(new Antagonist(station, antagonist.speed, on, off)) - 1
    this.simulation.again(this.simulation.clock.now + off.next(), ANTAGONIST, index)
  }

  /** Some server goes on with what it has in hand once its neighbour lets it: nothing else need be planned for that. */
  get holdUp(): boolean {
    return this.all.some(
      ({ speed, station, working }) =>
        working && speed === 0 && station.inHand > 0 && station.wouldMove,
    )
  }

  /** It begins, or ends. */
  turn(index: number): void {
    const one = this.all[index]
    one.working = !one.working
    one.station.disturb(one.working ? one.speed : 1)
    const span = one.working ? one.on.next() : one.off.next()
    this.simulation.again(this.simulation.clock.now + span, ANTAGONIST, index)
  }
}
