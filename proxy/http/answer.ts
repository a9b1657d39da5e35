import { STATUS_CODES } from 'node:http'
import type { Downstream } from './downstream.ts'
import type { ErrorAnswer } from './error-answer.ts'
import { removeNamed } from './fields.ts'
import type { ForwardedResponse } from './response-fields.ts'

const TRAILER: readonly string[] = ['trailer']
const LENGTH: readonly string[] = ['content-length']

/**
 * The answer to one request on its way to the client. A small answer has its body in the same packet as its head, and is
 * handed on in one piece; otherwise the head goes at once.
 */
export class Answer {
  /** 0 until there is one. */
  status = 0
  /** Of the body. */
  bytes = 0
  private readonly request: Downstream
  /** As announced; -1: not. */
  private length = -1
  /** The whole of a small body, until its end is certain. */
  private held: Buffer | undefined = undefined
  /** The head has gone, or goes with what comes next. */
  private flushed = false

  constructor(request: Downstream) {
    this.request = request
  }

  /** The client has been given a head. */
  get begun(): boolean {
    return this.status > 0
  }

  /** A server's head. Throws for fields that are no HTTP; then nothing has happened. */
  begin(status: number, reason: string, { fields, length, trailers }: ForwardedResponse): void {
    if (trailers) {
      const { method, version } = this.request
      const chunked = version !== '1.0' && length < 0 && bodyFollows(method, status)
      if (!chunked) removeNamed(fields, TRAILER) // None will follow, and node:http would not have it.
    }
    // No sender may announce a length there (RFC 9110, section 8.6), though some origins do.
    if (status === 204 && length >= 0) removeNamed(fields, LENGTH)
    this.request.head(status, reason, fields)
    this.status = status
    this.length = length
    process.nextTick(flushLater, this)
  }

  /** False: the client does not take more for now. */
  write(chunk: Buffer): boolean {
    const first = this.bytes === 0
    this.bytes += chunk.length
    if (first && !this.flushed && chunk.length === this.length) {
      this.held = chunk
      return true
    }
    this.flushed = true
    return this.request.write(chunk)
  }

  end(trailers: readonly string[]): void {
    const { held } = this
    this.held = undefined
    this.flushed = true
    this.request.end(held, trailers)
  }

  /** All of an answer that the proxy makes itself. */
  send(status: number, { body, fields }: ErrorAnswer): void {
    this.status = status
    this.bytes = this.request.method === 'HEAD' ? 0 : body.length
    this.flushed = true
    this.request.head(status, STATUS_CODES[status] ?? '', fields)
    this.request.end(body)
  }

  /** What waits goes out now. */
  flush(): void {
    if (this.flushed) return
    this.flushed = true
    if (this.held === undefined) this.request.flush()
    else this.request.write(this.held)
    this.held = undefined
  }
}

function flushLater(answer: Answer): void {
  answer.flush()
}

/** RFC 9112, section 6.3. */
function bodyFollows(method: string, status: number): boolean {
  return method !== 'HEAD' && status !== 204 && status !== 304
}
