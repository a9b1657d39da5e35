import type { Downstream } from '../http/downstream.ts'
import { fieldOf } from '../http/fields.ts'
import { isLoopback, nameOfHost } from '../loopback.ts'
import { send, sendJson, take, Visitor } from './answer.ts'
import { Events } from './events.ts'
import { Metrics } from './metrics.ts'
import { Pages } from './pages.ts'
import type { AdminSources } from './sources.ts'
import { Sparing } from './sparing.ts'
import { statsOf } from './stats.ts'
import type { Steering } from './steering.ts'

const SLASH = 0x2f
const QUESTION_MARK = 0x3f

/**
 * The eyes: what the proxy shows of itself, below a prefix of its main port and of its admin port. Everything here reads, nothing
 * changes anything; who may change things comes by the other port.
 */
export class Admin {
  private readonly sources: AdminSources
  /** Where the pages are, from the next request on. */
  prefix: string
  private readonly events: Events
  private readonly metrics: Metrics
  private readonly pages = new Pages()
  private readonly scraped: Sparing
  private readonly seen: Sparing

  constructor(sources: AdminSources) {
    this.sources = sources
    this.scraped = new Sparing(sources.clock)
    this.seen = new Sparing(sources.clock)
    this.prefix = sources.prefix
    this.events = new Events(sources.series, sources.startedAt, () => sources.lastReading)
    this.metrics = new Metrics(sources)
  }

  /** Hot: is this request for the eyes, and not for a server? The target is taken as it came, nothing is decoded. */
  handles(target: string): boolean {
    const { prefix } = this
    if (!target.startsWith(prefix)) return false
    if (target.length === prefix.length) return true
    const next = target.charCodeAt(prefix.length)
    return next === SLASH || next === QUESTION_MARK
  }

  /** A part of the dashboard, which is the same for everybody, and not a figure. */
  isPage(path: string): boolean {
    const rest = path.slice(this.prefix.length)
    return rest === '' || this.pages.has(rest)
  }

  /** Answers a request that it `handles`; `target` in origin form. */
  handle(request: Downstream, target = request.target): void {
    const { method } = request
    const question = target.indexOf('?')
    const path = target.slice(this.prefix.length, question < 0 ? undefined : question)
    if (path === '/events' && (method === 'GET' || method === 'HEAD')) {
      this.events.answer(request)
      return
    }
    const visitor = new Visitor(request)
    take(request, visitor)
    if (method !== 'GET' && method !== 'HEAD') {
      sendJson(request, 405, { error: 'method_not_allowed' }, ['Allow', 'GET, HEAD'])
    } else if (!this.answer(request, path, visitor) && !this.pages.answer(request, path)) {
      sendJson(request, 404, { error: 'not_found' })
    }
  }

  /** Ends what does not end by itself. Health, readiness and figures are still answered. */
  close(): void {
    this.events.close()
    this.metrics.close()
  }

  private answer(request: Downstream, path: string, visitor: Visitor): boolean {
    switch (path) {
      case '':
        this.redirect(request)
        return true
      case '/stats':
        if (this.sources.refresh === undefined || this.seen.kept) this.stats(request)
        else void this.sources.refresh().then(() => visitor.gone || this.stats(request))
        return true
      case '/history':
        send(request, 200, 'application/json; charset=utf-8', this.events.past)
        return true
      case '/steering':
        this.steering(request)
        return true
      case '/metrics':
        void this.scrape(request, visitor)
        return true
      case '/health':
        sendJson(request, 200, { status: 'ok' })
        return true
      case '/ready':
        this.ready(request)
        return true
      default:
        return false
    }
  }

  private stats(request: Downstream): void {
    const make = (): string =>
      `${JSON.stringify(statsOf(this.sources, this.events.latest), null, 2)}\n`
    const bytes = this.seen.kept ?? this.seen.keep(make())
    send(request, 200, 'application/json; charset=utf-8', bytes)
  }

  /**
   * Full servers count: they answer, and somebody waits for them. Servers that only panic would ask do not: whoever can choose
   * another proxy should; who comes nevertheless is tried.
   */
  private ready(request: Downstream): void {
    const { sources } = this
    const reason = sources.stopping
      ? 'stopping'
      : sources.balancer.servers.some(({ healthy, wanted }) => healthy && wanted)
        ? undefined
        : 'no eligible server'
    if (reason === undefined) sendJson(request, 200, { status: 'ready' })
    else sendJson(request, 503, { status: 'not ready', reason }, ['Retry-After', '1'])
  }

  /**
   * Where somebody at this machine can steer the proxy. Others learn nothing: they could not go there, or are not meant to know
   * of it.
   */
  private steering(request: Downstream): void {
    const host = nameOfHost(fieldOf(request.fields, 'host', true) ?? '')
    const near = isLoopback(request.address) && isLoopback(host)
    const url = near ? this.sources.steeredAt() : undefined
    const page = url === undefined ? null : `${url}${this.prefix}/`
    sendJson(request, 200, { here: false, page } satisfies Steering)
  }

  /** The page finds its parts relative to itself, so that it needs the slash. */
  private redirect(request: Downstream): void {
    const location = this.prefix + '/' + request.target.slice(this.prefix.length)
    send(request, 308, 'text/plain; charset=utf-8', `${location}\n`, ['Location', location])
  }

  private async scrape(request: Downstream, visitor: Visitor): Promise<void> {
    let text = this.scraped.kept
    try {
      if (text === undefined) {
        await this.sources.refresh?.()
        text = this.scraped.keep(await this.metrics.scrape())
      }
    } catch {
      // Answered below, like every other failure: without details.
    }
    if (visitor.gone) return
    if (text === undefined) sendJson(request, 500, { error: 'internal_error' })
    else send(request, 200, this.metrics.contentType, text)
  }
}
