import { Decision, type Explanation } from '../../proxy/core/decision.ts'
import type { Sight } from '../../proxy/core/sight.ts'
import type { WatchedSimulation } from './watched-simulation.ts'

/** The latest decision of a lane, with when its request came. */
export interface Decided {
  /** Virtual time. */
  readonly at: number
  readonly came: number
  /** Which of the balancers it was, from 1; 0: there is one only. */
  readonly proxy: number
  readonly explanation: Explanation
}

/** Looks on while a lane decides, from when it is made; looking changes nothing. Keeps the latest decision only. */
export class Explainer {
  private readonly simulation: WatchedSimulation
  private readonly decision = new Decision()
  private at = NaN
  private came = NaN
  private proxy = 0

  constructor(simulation: WatchedSimulation) {
    this.simulation = simulation
    const { clock, proxies } = simulation
    const sights = new Map<unknown, Sight>(proxies.map((proxy) => [proxy, proxy.balancer.open()]))
    simulation.onDecision = ({ arrivedAt, attempts, proxy }) => {
      // First tries: those are what lanes have in common.
      if (attempts > 0) return
      this.decision.keep(sights.get(proxy)!)
      this.at = clock.now
      this.came = arrivedAt
      this.proxy = proxies.length === 1 ? 0 : proxy.index + 1
    }
  }

  /** Undefined: nobody has decided anything since then. */
  since(time: number): Decided | undefined {
    const { at, came, proxy } = this
    if (!(at > time)) return undefined
    return { at, came, proxy, explanation: this.decision.explanation }
  }

  end(): void {
    this.simulation.onDecision = undefined
  }
}
