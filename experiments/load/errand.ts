import type { Dispatcher } from 'undici'
import type { Generator } from './generator.ts'

/** Which server gave the answer: the fakes say so, and each answer is booked a second time under it. */
const SERVED_BY = 'x-served-by'

/** One request on its way: undici's handler is the object itself, so that a request costs no promise and no closure. */
export class Errand implements Dispatcher.DispatchHandler {
  private readonly generator: Generator
  private readonly due: number
  private readonly sent: number
  private begun = false
  private status = 0
  private server = ''

  constructor(generator: Generator, due: number, sent: number) {
    this.generator = generator
    this.due = due
    this.sent = sent
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
    const server = fields[SERVED_BY]
    if (typeof server === 'string') this.server = server
  }

  onResponseData(): void {}

  onResponseEnd(): void {
    const { account, timer } = this.generator
    const now = timer.now()
    account.answer(this.status, this.server, now - this.due, now - this.sent)
    this.generator.settled()
  }

  onResponseError(_controller: unknown, error: Error): void {
    const { account } = this.generator
    if (isRefusedByClient(error)) account.unsendable++
    else if (!this.begun) account.unconnected++
    else account.failed++
    account.because(reasonOf(error))
    this.generator.settled()
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
