import type { Endpoint } from '../proxy/core/endpoint.ts'
import { SILENT } from '../proxy/core/report.ts'
import { MOST } from './events.ts'
import type { ProxyModel } from './proxy-model.ts'
import { Attempt, Request } from './request.ts'
import type { Station } from './station.ts'

/** Requests and attempts, used again and again: in the long run nothing is allocated, however many requests are served. */
export class Pools {
  /** By number: events know them by that. */
  readonly requests: Request[] = []
  readonly attempts: Attempt[] = []
  private readonly spareRequests: Request[] = []
  private readonly spareAttempts: Attempt[] = []

  /** As its last use left it. Throws a `RangeError` if more are under way than can be numbered. */
  request(proxy: ProxyModel): Request {
    const spare = this.spareRequests.pop()
    if (spare !== undefined) {
      spare.proxy = proxy
      return spare
    }
    const request = new Request(this.requests.length, proxy)
    this.requests.push(request)
    return request
  }

  /** As its last use left it. Throws a `RangeError` if more are under way than can be numbered. */
  attempt(request: Request, endpoint: Endpoint, station: Station): Attempt {
    const spare = this.spareAttempts.pop()
    if (spare !== undefined) {
      spare.data = request
      spare.endpoint = endpoint
      spare.station = station
      return spare
    }
    const { attempts } = this
    if (attempts.length === MOST) throw new RangeError(`more than ${MOST} attempts are under way`)
    const attempt = new Attempt(attempts.length, request, endpoint, station, { ...SILENT })
    attempts.push(attempt)
    return attempt
  }

  giveBackRequest(request: Request): void {
    this.spareRequests.push(request)
  }

  giveBackAttempt(attempt: Attempt): void {
    this.spareAttempts.push(attempt)
  }
}
