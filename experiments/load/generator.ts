import { Pool } from 'undici'
import { LoadAccount } from './account.ts'
import { Errand } from './errand.ts'
import type { DueRequest, Source } from './source.ts'

/** Time as the generator sees it; a test can pass its own. */
export interface Timer {
  /** Monotonic milliseconds. */
  now(): number
  /** Gives the way to call it off. */
  after(delay: number, call: () => void): () => void
}

const REAL_TIME: Timer = {
  now: () => performance.now(),
  after: (delay, call) => {
    const timeout = setTimeout(call, delay)
    return () => clearTimeout(timeout)
  },
}

/** The longest nap, in milliseconds: Node's timers cannot wait much longer than 24 days. */
const LONGEST_WAIT = 60_000

/** Milliseconds. The proxy gives up after a minute; a client that were less patient would measure itself. */
const PATIENCE = 90_000

export interface GeneratorOptions {
  /** An origin: `http://127.0.0.1:8080`. */
  url: string
  source: Source
  /** Nothing is due from this many milliseconds on. Default: as long as the source goes. */
  duration?: number | undefined
  /** More in flight than this are shed, and counted. */
  maxInFlight?: number
  timer?: Timer
  /** Where all is written down. Default: a new one. */
  account?: LoadAccount
}

/**
 * Sends each request of a source when it is due, to one origin. Nothing waits for an earlier answer, and a late timer sends
 * everything that has become due meanwhile, each still counted from its own moment.
 */
export class Generator {
  readonly account: LoadAccount
  /** Settled when the last due request was sent; `stop` settles it too. */
  readonly sourceEnded: Promise<void>
  /** Settled when all is sent and answered, and the connections are closed. */
  readonly finished: Promise<void>
  readonly pool: Pool
  readonly timer: Timer
  private readonly source: Source
  private readonly duration: number
  private readonly maxInFlight: number
  private began = 0
  private upcoming: DueRequest | undefined
  private running = false
  private callOff: (() => void) | undefined
  private readonly ended = Promise.withResolvers<void>()
  private readonly done = Promise.withResolvers<void>()

  constructor(options: GeneratorOptions) {
    this.account = options.account ?? new LoadAccount()
    this.source = options.source
    this.duration = options.duration ?? Infinity
    this.maxInFlight = options.maxInFlight ?? 10_000
    this.timer = options.timer ?? REAL_TIME
    // No limit of connections but the requests in flight: a queue inside the client would be a closed model in disguise.
    this.pool = new Pool(options.url, {
      connect: { timeout: PATIENCE },
      headersTimeout: PATIENCE,
      bodyTimeout: PATIENCE,
    })
    this.sourceEnded = this.ended.promise
    this.finished = this.done.promise
  }

  start(): void {
    this.began = this.timer.now()
    this.running = true
    this.advance()
    this.pump()
  }

  /** Sends no more; what is in flight goes on. */
  stop(): void {
    if (!this.running) return
    this.running = false
    this.callOff?.()
    this.ended.resolve()
    if (this.account.inflight === 0) this.close()
  }

  /** Gives up on what is in flight: counted as failed, or as never connected. */
  giveUp(): void {
    this.stop()
    void this.pool.destroy(new Error('given up at the end'))
  }

  /** Called once for each request that was sent. */
  settled(): void {
    this.account.inflight--
    if (!this.running && this.account.inflight === 0) this.close()
  }

  private readonly pump = (): void => {
    if (!this.running) return
    const now = this.timer.now()
    while (this.upcoming !== undefined && this.began + this.upcoming.time <= now) {
      this.send(this.upcoming)
      this.advance()
    }
    if (this.upcoming === undefined) return this.stop()
    const wait = this.began + this.upcoming.time - this.timer.now()
    this.callOff = this.timer.after(Math.min(LONGEST_WAIT, Math.max(0, wait)), this.pump)
  }

  private advance(): void {
    const next = this.source.next()
    this.upcoming = next !== undefined && next.time < this.duration ? next : undefined
  }

  private send(request: DueRequest): void {
    this.account.due++
    if (this.account.inflight >= this.maxInFlight) {
      this.account.shed++
      this.account.because(`more than ${this.maxInFlight} in flight`)
      return
    }
    this.account.inflight++
    const { method, path, client } = request
    const due = this.began + request.time
    const sent = this.timer.now()
    const errand = new Errand(this, due, sent)
    this.account.lateness.record(sent - due)
    const headers = request.fields?.slice() ?? []
    if (client !== '') headers.push('x-client', client)
    this.pool.dispatch({ method, path, headers }, errand)
  }

  private close(): void {
    // A pool that was given up on is closed already.
    this.pool.close().then(this.done.resolve, this.done.resolve)
  }
}
