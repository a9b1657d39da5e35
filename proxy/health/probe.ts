import { DeadlineError } from '../http/failure.ts'
import { type RawText, toText } from '../http/response-fields.ts'
import type {
  Upstream,
  UpstreamConnection,
  UpstreamControl,
  UpstreamHandler,
} from '../http/upstream.ts'

/**
 * How a probe ended. `heard`: with a report. `silent`: with an answer that has none. `failed`: with a 5xx, or without an
 * answer. `timeout`: too late. `skipped`: it was not sent, since the server has not answered the ones before.
 */
export type ProbeOutcome = 'heard' | 'silent' | 'failed' | 'timeout' | 'skipped'

/** In the order in which they are shown. */
export const PROBE_OUTCOMES: readonly ProbeOutcome[] = [
  'heard',
  'silent',
  'failed',
  'timeout',
  'skipped',
]

/** Who is told how a probe goes. */
export interface ProbeOwner {
  /** An answer below 300. True if its fields were a report. */
  onFields(probe: Probe, fields: readonly string[]): boolean
  /** Once. Its connection may still be busy with the rest of the answer. */
  onOutcome(probe: Probe, outcome: ProbeOutcome): void
  /** Once, after that: its connection is free, or gone. */
  onOver(probe: Probe): void
}

/** An answer to a probe is short; after so many bytes of it the connection is given up. */
const LONGEST_BODY = 16_384

/** One question to one server how it is. The head is the answer; a short body is let out, so that the connection can be kept. */
export class Probe implements UpstreamHandler {
  connection: UpstreamConnection | undefined = undefined
  /** On the clock that `expire` is called with. */
  readonly deadline: number
  status = 0
  private readonly owner: ProbeOwner
  private control: UpstreamControl | undefined
  private told = false
  private over = false
  private expired = false
  private received = 0

  constructor(owner: ProbeOwner, deadline: number) {
    this.owner = owner
    this.deadline = deadline
  }

  begin(upstream: Upstream, path: string, authority: string): void {
    const headers = ['Host', authority, 'User-Agent', 'evenkeel-probe']
    upstream.send({ method: 'GET', path, headers, body: null }, this)
  }

  expire(now: number): void {
    if (this.over || now < this.deadline) return
    this.expired = true
    this.tell('timeout')
    this.control?.abort(new DeadlineError('probe timed out'))
  }

  onRequestStart(control: UpstreamControl): void {
    this.control = control
    if (this.expired) control.abort(new DeadlineError('probe timed out'))
  }

  onResponseStart(control: UpstreamControl, status: number): void {
    if (status < 200 || this.told) return
    this.status = status
    if (status >= 500) this.tell('failed')
    else if (status >= 300) this.tell('silent')
    else {
      const fields = toText(control.rawHeaders as readonly RawText[])
      this.tell(this.owner.onFields(this, fields) ? 'heard' : 'silent')
    }
  }

  onResponseData(control: UpstreamControl, chunk: Buffer): void {
    this.received += chunk.length
    if (this.received > LONGEST_BODY) control.abort(new DeadlineError('too long for a probe'))
  }

  onResponseEnd(): void {
    this.end()
  }

  onResponseError(): void {
    this.tell('failed')
    this.end()
  }

  private tell(outcome: ProbeOutcome): void {
    if (this.told) return
    this.told = true
    this.owner.onOutcome(this, outcome)
  }

  private end(): void {
    if (this.over) return
    this.over = true
    this.owner.onOver(this)
  }
}
