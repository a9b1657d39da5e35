import type { ServerHttp2Stream } from 'node:http2'
import type { BodySink, DownstreamBody } from './downstream.ts'
import { fieldOf } from './fields.ts'
import type { ReplayBudget } from './replay-budget.ts'

/**
 * A body as node:http2 streams it. While it is paused the client may send as much as the windows of its stream and of its connection
 * have room for, and no more.
 */
export class Http2Body implements DownstreamBody {
  readonly length: number | undefined
  readonly budget: ReplayBudget
  /** It came whole. */
  ended = false
  private readonly stream: ServerHttp2Stream
  /** The client waits for `100 Continue`. */
  private expected: boolean
  private sink: BodySink | undefined
  private started = false

  constructor(stream: ServerHttp2Stream, fields: readonly string[], budget: ReplayBudget) {
    this.budget = budget
    const length = fieldOf(fields, 'content-length')
    this.length = length === undefined ? undefined : Number(length)
    this.expected = fieldOf(fields, 'expect') !== undefined
    this.stream = stream
  }

  resume(sink: BodySink): void {
    const { stream } = this
    this.sink = sink
    if (!this.started) {
      if (this.expected && !stream.closed && !stream.headersSent) {
        stream.additionalHeaders({ ':status': 100 })
      }
      stream.on('data', (chunk: Buffer) => this.sink?.onBody(chunk))
      this.start()
    }
    stream.resume()
  }

  pause(): void {
    this.stream.pause()
  }

  discard(): void {
    this.sink = undefined
    if (!this.started) this.start()
    this.stream.resume()
  }

  private start(): void {
    this.started = true
    this.stream.on('end', () => this.onEnd())
  }

  private onEnd(): void {
    // A stream that is reset with NO_ERROR ends, too, for node:http2; but the rest of its body will never come.
    if (this.stream.closed) return
    this.ended = true
    this.sink?.onBodyEnd()
  }
}
