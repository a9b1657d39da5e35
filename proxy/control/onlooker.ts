import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Downstream, DownstreamOwner } from '../http/downstream.ts'

/** Somebody at the admin port who wants to see the pages: a request of this small server as the eyes know requests. */
export class Onlooker implements Downstream {
  readonly method: string
  readonly target: string
  readonly fields: readonly string[]
  readonly version: string
  readonly address: string
  readonly encrypted = false
  /** Nobody would read it. */
  readonly body = undefined
  readonly rejection = undefined
  owner: DownstreamOwner | undefined = undefined
  private readonly response: ServerResponse

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.method = request.method!
    this.target = request.url!
    this.fields = request.rawHeaders
    this.version = request.httpVersion
    this.address = request.socket.remoteAddress ?? ''
    this.response = response
    // Of a body that nobody has read nobody knows where it ends.
    if (!request.complete) response.setHeader('Connection', 'close')
    response.on('drain', () => this.owner?.onDrain())
    response.on('close', () => {
      if (response.writableFinished) this.owner?.onDone()
      else this.owner?.onLeft()
    })
  }

  /** There is nothing to inform about. */
  inform(): void {}

  head(status: number, reason: string, fields: readonly string[]): void {
    for (let i = 0; i < fields.length; i += 2) this.response.appendHeader(fields[i], fields[i + 1])
    this.response.writeHead(status, reason)
  }

  flush(): void {
    this.response.flushHeaders()
  }

  write(chunk: Uint8Array): boolean {
    return this.response.write(chunk)
  }

  end(chunk?: Uint8Array): void {
    this.response.end(chunk)
  }

  close(): void {
    this.response.setHeader('Connection', 'close')
  }

  cut(): void {
    this.response.destroy()
  }
}
