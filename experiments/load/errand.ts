import type { Dispatcher } from 'undici'
import type { LoadAccount } from './account.ts'
import type { Connection } from './connections.ts'
import type { DueRequest } from './source.ts'
import type { Sender } from './sender.ts'

/** One request on its way: undici's handler is the object itself, so that a request costs no promise and no closure. */
export class Errand implements Dispatcher.DispatchHandler {
  readonly request: DueRequest
  readonly options: Dispatcher.DispatchOptions
  /** Where it is written down. */
  readonly account: LoadAccount
  readonly due: number
  readonly sent: number
  /** When it got its connection: later than it was sent only where connections are limited. */
  private started: number
  /** The connection that it has, or waits for alone. */
  client: Connection | undefined
  /** It has been written down, however it ended. */
  over = false
  /** Those under way in order of sending; see `Flight`. */
  before: Errand | undefined
  after: Errand | undefined
  private readonly sender: Sender
  private begun = false
  private status = 0
  private server = ''
  private fields: Record<string, string | string[] | undefined> | undefined
  private pieces: Buffer[] | undefined

  constructor(
    sender: Sender,
    request: DueRequest,
    options: Dispatcher.DispatchOptions,
    account: LoadAccount,
    due: number,
    sent: number,
  ) {
    this.sender = sender
    this.request = request
    this.options = options
    this.account = account
    this.due = due
    this.sent = sent
    this.started = sent
  }

  /** It has stood in line for a connection, and what it gets was under way from then on. */
  stepForward(from: number): void {
    this.started = Math.max(this.sent, from)
  }

  /** It has a connection; what happens from here on, the proxy may have seen. */
  onRequestStart(): void {
    this.begun = true
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    fields: Record<string, string | string[] | undefined>,
  ): void {
    this.status = status
    const server = fields[this.sender.serverHeader]
    if (typeof server === 'string') this.server = server
    this.sender.meet(fields)
    if (this.request.onAnswer === undefined) return
    this.fields = fields
    this.pieces = []
  }

  onResponseData(_controller: unknown, piece: Buffer): void {
    this.pieces?.push(piece)
  }

  onResponseEnd(): void {
    if (this.over) return
    const { account, request, status } = this
    const now = this.sender.timer.now()
    const response = now - this.due
    account.answer(status, this.server, response, now - this.started)
    if (request.page !== undefined) account.page(request.page, status, response)
    if (request.onAnswer !== undefined) {
      const body = Buffer.concat(this.pieces!)
      request.onAnswer({ status, fields: this.fields!, body, response }, account)
    }
    this.end()
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.over) return
    // Refused before the connection knew of it.
    if (isRefusedByClient(error)) this.fail(true, reasonOf(error))
    else this.breakOff(error, reasonOf(error))
  }

  /** Nobody waits for it any longer. */
  giveUp(error: Error): void {
    if (this.over) return
    this.breakOff(error, error.message)
  }

  /** It has the connection for itself, so nothing else breaks off with it; and nobody else has it after an error. */
  private breakOff(error: Error, reason: string): void {
    const { client } = this
    this.client = undefined
    this.fail(false, reason)
    if (client !== undefined) this.sender.connections.destroy(client, error)
  }

  private fail(unsendable: boolean, reason: string): void {
    const { account, request } = this
    if (unsendable) account.unsendable++
    else if (!this.begun) account.unconnected++
    else account.failed++
    account.because(reason)
    if (request.page !== undefined) account.page(request.page, 0, 0)
    this.end()
  }

  private end(): void {
    this.over = true
    this.sender.settled(this)
  }
}

function isRefusedByClient(error: Error): boolean {
  const code = 'code' in error ? error.code : undefined
  return code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED'
}

/** Few and stable words: no addresses and ports that would make every reason unique. */
function reasonOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === '' || isRefusedByClient(error)) return error.message
  return code.startsWith('UND_ERR') ? `${error.message} (${code})` : code
}
