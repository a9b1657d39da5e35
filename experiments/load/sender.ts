import { LoadAccount } from './account.ts'
import { type ConnectionOptions, Connections } from './connections.ts'
import { Errand } from './errand.ts'
import { Flight } from './flight.ts'
import type { DueRequest } from './source.ts'
import { REAL_TIME, type Timer } from './timer.ts'

/** Milliseconds. The proxy gives up after a minute; a client that were less patient would measure itself. */
const PATIENCE = 90_000

/** The fakes say so, and each answer is booked a second time under it. */
const SERVED_BY = 'x-served-by'

const NO_FIELDS: readonly string[] = []

export interface SenderOptions extends ConnectionOptions {
  /** More in flight than this are shed, and counted. */
  readonly maxInFlight?: number | undefined
  /** How long a request may take from when it is sent, in milliseconds. */
  readonly timeout?: number | undefined
  /** The field of an answer that says which server gave it. Default: `x-served-by`. */
  readonly serverHeader?: string | undefined
  /** Of every request, name and value in turn. */
  readonly fields?: readonly string[] | undefined
  readonly timer?: Timer | undefined
  /** Where all is written down. Default: a new one. */
  readonly account?: LoadAccount | undefined
  /** What is due before so many milliseconds is written down elsewhere: in `warmup`. Default 0. */
  readonly warmup?: number | undefined
}

/**
 * Sends requests to one origin and writes down what comes of them. When requests are due others say: a generator, whose requests
 * wait for nothing, or a crowd of users, who wait for their answers.
 */
export abstract class Sender {
  readonly account: LoadAccount
  /** Of what was due before the warm-up was over. */
  readonly warmup = new LoadAccount()
  /** Settled when the last due request was sent; `stop` settles it too. */
  readonly sourceEnded: Promise<void>
  /** Settled when all is sent and answered, and the connections are closed. */
  readonly finished: Promise<void>
  readonly connections: Connections
  readonly timer: Timer
  readonly serverHeader: string
  /** Whether answers have passed a proxy of ours; undefined before the first. */
  viaOurs: boolean | undefined
  protected running = false
  protected began = 0
  private readonly fields: readonly string[]
  private readonly maxInFlight: number
  private readonly timeout: number
  private readonly cut: number
  private readonly flight = new Flight()
  private inflight = 0
  private deadline: NodeJS.Timeout | undefined
  private readonly ended = Promise.withResolvers<void>()
  private readonly done = Promise.withResolvers<void>()

  constructor(options: SenderOptions) {
    this.account = options.account ?? new LoadAccount()
    this.maxInFlight = options.maxInFlight ?? 10_000
    this.timeout = options.timeout ?? PATIENCE
    this.serverHeader = (options.serverHeader ?? SERVED_BY).toLowerCase()
    this.fields = options.fields ?? NO_FIELDS
    this.cut = options.warmup ?? 0
    this.timer = options.timer ?? REAL_TIME
    // No limit of connections but the requests in flight, unless asked for: a queue inside the client is a closed model in disguise.
    this.connections = new Connections(options)
    this.sourceEnded = this.ended.promise
    this.finished = this.done.promise
  }

  start(): void {
    this.began = this.timer.now()
    this.running = true
    this.begin()
  }

  /** Sends no more; what is in flight goes on. */
  stop(): void {
    if (!this.running) return
    this.running = false
    this.rest()
    this.ended.resolve()
    if (this.inflight === 0) this.close()
  }

  /** Gives up on what is in flight: counted as failed, or as never connected. */
  giveUp(): void {
    this.stop()
    const error = new Error('given up at the end')
    while (this.flight.first !== undefined) this.flight.first.giveUp(error)
  }

  /** Looks at the first answer's head for the mark of our proxy. */
  meet({ via }: Readonly<Record<string, string | string[] | undefined>>): void {
    this.viaOurs ??= String(via ?? '').includes('evenkeel')
  }

  /** Called once for each request that was sent. */
  settled(errand: Errand): void {
    this.flight.leave(errand)
    errand.account.inflight--
    this.inflight--
    if (errand.client !== undefined) this.connections.release(errand.client)
    this.answered(errand.request)
    if (!this.running && this.inflight === 0) this.close()
  }

  /** The first requests. */
  protected abstract begin(): void

  /** No more requests: timers are called off. */
  protected abstract rest(): void

  /** A request is over, however it ended. */
  protected abstract answered(request: DueRequest): void

  protected send(request: DueRequest): boolean {
    const account = request.time < this.cut ? this.warmup : this.account
    account.due++
    if (this.inflight >= this.maxInFlight) {
      account.shed++
      account.because(`more than ${this.maxInFlight} in flight`)
      return false
    }
    this.inflight++
    account.inflight++
    const { method, path, body } = request
    const due = this.began + request.time
    const sent = this.timer.now()
    account.lateness.record(sent - due)
    const headers = this.headers(request) as string[]
    const options = body === undefined ? { method, path, headers } : { method, path, headers, body }
    const errand = new Errand(this, request, options, account, due, sent)
    this.flight.join(errand)
    this.deadline ??= setTimeout(this.giveUpLate, this.timeout)
    this.connections.dispatch(errand)
    return true
  }

  private headers({ client, fields }: DueRequest): readonly string[] {
    if (client === '' && fields === undefined) return this.fields
    const all = this.fields.slice()
    if (fields !== undefined) for (const each of fields) all.push(each)
    if (client !== '') all.push('x-client', client)
    return all
  }

  private readonly giveUpLate = (): void => {
    this.deadline = undefined
    const { flight, timeout } = this
    const now = this.timer.now()
    while (flight.first !== undefined && flight.first.sent + timeout <= now)
      flight.first.giveUp(new Error(`no answer within ${timeout / 1000} s`))
    if (flight.first === undefined) return
    this.deadline ??= setTimeout(this.giveUpLate, Math.max(1, flight.first.sent + timeout - now))
  }

  private close(): void {
    clearTimeout(this.deadline)
    this.connections.close().then(this.done.resolve, this.done.resolve)
  }
}
