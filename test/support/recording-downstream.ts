import type { Downstream, DownstreamBody, DownstreamOwner } from '../../proxy/http/downstream.ts'
import type { Rejection } from '../../proxy/http/request-head.ts'

/**
 * A request without a network, which writes down how it is answered and throws when that is done in a wrong order: no head,
 * two heads, something after the end.
 */
export class RecordingDownstream implements Downstream {
  readonly method: string
  readonly target: string
  readonly fields: readonly string[]
  readonly version = '1.1'
  readonly address: string = '127.0.0.1'
  readonly hidden: boolean = false
  readonly encrypted = false
  readonly rejection: Rejection | undefined = undefined
  readonly body: DownstreamBody | undefined
  owner: DownstreamOwner | undefined
  status = 0
  reason = ''
  /** The answer's fields, names in lower case. */
  readonly answer = new Map<string, string>()
  /** The answer's body. */
  readonly pieces: Buffer[] = []
  ended = false
  wasCut = false
  discarded = false
  /** False: the connection is full, as `write` will say. */
  room = true
  /** Settles with the end of the answer. */
  readonly whole: Promise<void>
  private readonly settle: () => void

  constructor(target: string, method = 'GET', fields: readonly string[] = [], hasBody = false) {
    this.target = target
    this.method = method
    this.fields = fields
    const { promise, resolve } = Promise.withResolvers<void>()
    this.whole = promise
    this.settle = resolve
    this.body = hasBody
      ? {
          length: undefined,
          resume: () => {
            throw new Error('nobody wants this body')
          },
          pause: () => {},
          discard: () => (this.discarded = true),
        }
      : undefined
  }

  get text(): string {
    return Buffer.concat(this.pieces).toString()
  }

  get json(): unknown {
    return JSON.parse(this.text)
  }

  inform(): void {
    throw new Error('nothing to inform about')
  }

  head(status: number, reason: string, fields: readonly string[]): void {
    if (this.owner === undefined) throw new Error('an answer, but no owner')
    if (this.status !== 0) throw new Error('a second head')
    this.status = status
    this.reason = reason
    for (let i = 0; i < fields.length; i += 2) {
      const name = fields[i].toLowerCase()
      if (this.answer.has(name)) throw new Error(`two fields ${name}`)
      this.answer.set(name, fields[i + 1])
    }
  }

  flush(): void {}

  write(chunk: Uint8Array): boolean {
    if (this.status === 0) throw new Error('a body before the head')
    if (this.ended || this.wasCut) throw new Error('a piece after the end')
    if (this.method === 'HEAD') throw new Error('a body for HEAD')
    this.pieces.push(Buffer.from(chunk))
    return this.room
  }

  end(chunk?: Uint8Array): void {
    if (chunk !== undefined) this.write(chunk)
    if (this.status === 0 || this.ended) throw new Error('an end too many')
    this.ended = true
    this.settle()
  }

  close(): void {}

  cut(): void {
    this.wasCut = true
    this.owner?.onLeft()
  }
}
