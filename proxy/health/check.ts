import { classify, DeadlineError } from '../http/failure.ts'
import type {
  Upstream,
  UpstreamConnection,
  UpstreamControl,
  UpstreamHandler,
} from '../http/upstream.ts'

/** One question to one server: its answer's head is enough, the body is not waited for. */
export class Check implements UpstreamHandler {
  connection: UpstreamConnection | undefined = undefined
  private readonly deadline: number
  private readonly done: (passed: boolean, reason: string) => void
  private control: UpstreamControl | undefined
  private over = false

  /** `deadline`: on the clock that `expire` is called with. `done` is called once. */
  constructor(deadline: number, done: (passed: boolean, reason: string) => void) {
    this.deadline = deadline
    this.done = done
  }

  begin(upstream: Upstream, path: string, authority: string): void {
    const headers = ['Host', authority, 'User-Agent', 'evenkeel-check']
    upstream.send({ method: 'GET', path, headers, body: null }, this)
  }

  expire(now: number): void {
    if (!this.over && now >= this.deadline) this.end(false, 'check timed out')
  }

  onRequestStart(control: UpstreamControl): void {
    this.control = control
    if (this.over) control.abort(new DeadlineError('check timed out'))
  }

  onResponseStart(_control: UpstreamControl, status: number): void {
    if (status >= 200) this.end(status < 400, `check answered ${status}`)
  }

  onResponseData(): void {}

  onResponseEnd(): void {}

  onResponseError(_control: UpstreamControl | null, error: Error): void {
    if (!this.over) this.end(false, classify(error, this.control !== undefined).reason)
  }

  private end(passed: boolean, reason: string): void {
    if (this.over) return
    this.over = true
    this.control?.abort(new DeadlineError('answered'))
    this.done(passed, reason)
  }
}
