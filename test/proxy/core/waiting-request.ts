import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { Ticket } from '../../../proxy/core/waiting-line.ts'

/** A request that may wait in a line, and writes down what becomes of it. */
export class Request implements Ticket {
  readonly key = 0
  readonly attempt = 0
  readonly tried = undefined
  wanted: Endpoint | undefined
  waitingSince = -1
  ahead: Ticket | undefined
  behind: Ticket | undefined
  server: Endpoint | undefined
  expired = false
  readonly id: number
  onAdmitted: () => void = () => {}

  constructor(id = 0, wanted?: Endpoint) {
    this.id = id
    this.wanted = wanted
  }

  admitted(server: Endpoint): void {
    this.server = server
    this.onAdmitted()
  }

  waitedInVain(): void {
    this.expired = true
  }
}
