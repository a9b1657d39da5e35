import type { Dispatcher } from 'undici'
import { TIMES_FIELD } from '../../backends/stations/door.ts'
import type { Outcome } from '../../proxy/core/recorder.ts'

/** One request of a live run, and what became of it. Times are milliseconds of the run. */
export interface Sent {
  readonly due: number
  readonly sent: number
  readonly work: number
  readonly key: string
  /** Which closed user asked; -1: nobody who waits. */
  readonly user: number
  /** When the answer was there; of one that has none yet -1. */
  ended: number
  outcome: Outcome
  /** Who answered; '' where it was the proxy itself, or nobody. */
  server: string
  /** When it came to its server, and when that was done with it; -1 where no server says so. */
  arrived: number
  finished: number
}

/** Told when a request is over. */
export interface Waiting {
  now(): number
  over(request: Sent): void
}

/** Words of the proxy's own answers that say that nothing was sent to a server. */
const REFUSALS =
  /"(?:no_server|queue_full|queue_timeout|stopping|upstream_(?:unreachable|connect_timeout))"/

/** One request on its way: undici's handler is the object itself. */
export class Errand implements Dispatcher.DispatchHandler {
  private readonly owner: Waiting
  private readonly request: Sent
  private status = 0
  private text = ''

  constructor(owner: Waiting, request: Sent) {
    this.owner = owner
    this.request = request
  }

  onRequestStart(): void {}

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    fields: Record<string, string | string[] | undefined>,
  ): void {
    const { request } = this
    this.status = status
    const server = fields['x-served-by']
    if (typeof server !== 'string') return
    request.server = server
    const [arrived, finished] = String(fields[TIMES_FIELD] ?? '-1 -1').split(' ')
    request.arrived = Number(arrived)
    request.finished = Number(finished)
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.status >= 500) this.text += chunk.toString('latin1')
  }

  onResponseEnd(): void {
    this.end(this.outcome())
  }

  onResponseError(): void {
    this.end('aborted')
  }

  /** As the simulator has it: what the last attempt came to, or that there was none. */
  private outcome(): Outcome {
    if (this.status < 500) return 'ok'
    if (this.request.server !== '') return 'error'
    if (this.text.includes('"upstream_timeout"')) return 'timeout'
    return REFUSALS.test(this.text) ? 'refused' : 'error'
  }

  private end(outcome: Outcome): void {
    const { owner, request } = this
    request.ended = owner.now()
    request.outcome = outcome
    owner.over(request)
  }
}
