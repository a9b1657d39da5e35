import type { Endpoint } from '../../proxy/core/endpoint.ts'
import type { Attempt, Request } from '../../simulator/request.ts'
import { Simulation } from '../../simulator/simulation.ts'
import type { Station } from '../../simulator/station.ts'

/** A simulation that tells of each decision just after it was made. What it comes to is the same: see the test. */
export class WatchedSimulation extends Simulation {
  onDecision: ((request: Request, station: Station) => void) | undefined

  override attempt(request: Request, endpoint: Endpoint, station: Station): Attempt {
    if (this.onDecision !== undefined) this.onDecision(request, station)
    return super.attempt(request, endpoint, station)
  }
}
