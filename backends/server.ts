import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { isIPv6, type AddressInfo, type Socket } from 'node:net'
import { REPORT_FIELD, writeReport } from '../proxy/core/report.ts'
import { answerAdmin } from './admin.ts'
import type { Faults } from './faults.ts'
import { Payload } from './payload.ts'
import { type Client, type Inside, type Result, Service } from './service.ts'
import type { FakeSettings } from './settings.ts'
import { realTimers, type Timers } from './timers.ts'

/** Longer than proxies keep idle connections, so that it is they who close them and no request meets a closing one. */
const KEEP_ALIVE = 65_000

/** How long a stop waits for answers that clients do not read, or requests that they do not finish. */
const STOP_GRACE = 30_000

const JSON_TYPE = 'application/json'

interface Answer {
  status: number
  body: Buffer
}

/** A simulated server with a socket: answers every path as a shop would, after the time that the model gives it. */
export class FakeBackend {
  readonly id: string
  private readonly settings: FakeSettings
  private readonly service: Service
  private readonly server: Server
  private readonly payload: Payload
  private readonly refusals: Record<Exclude<Result, 'ok'>, Answer>
  private readonly connections = new Set<Socket>()
  private bodyBytes = 0
  private stopping = false

  constructor(settings: FakeSettings, timers: Timers = realTimers) {
    this.id = settings.id
    this.settings = settings
    this.service = new Service(settings, timers)
    this.payload = new Payload(settings.id)
    this.refusals = {
      failure: this.prepare(500, { error: 'simulated_failure' }),
      queue_full: this.prepare(503, { error: 'queue_full' }),
      outage: this.prepare(503, { error: 'outage' }),
    }
    // It never hurries a client: an upload through a proxy under test may take its time.
    this.server = createServer({ keepAliveTimeout: KEEP_ALIVE, requestTimeout: 0 }, this.handle)
    this.server.on('connection', (socket: Socket) => {
      this.connections.add(socket)
      socket.once('close', () => this.connections.delete(socket))
    })
  }

  /** Gives its URL, as this machine can use it. Rejects with Node's error. */
  async listen(): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.server.once('error', reject)
    this.server.listen(this.settings.port, this.settings.host, resolve)
    await promise
    this.server.off('error', reject)
    return this.url
  }

  /** While it listens. */
  get url(): string {
    const { host } = this.settings
    const { port } = this.server.address() as AddressInfo
    const found = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
    return `http://${isIPv6(found) ? `[${found}]` : found}:${port}`
  }

  /** Takes no more connections, answers what it has, and then is gone. */
  async stop(): Promise<void> {
    this.stopping = true
    const { promise, resolve } = Promise.withResolvers<void>()
    this.server.close(() => resolve())
    // Node closes connections that idle after an answer, but waits for those that never sent a byte.
    for (const socket of this.connections) if (socket.bytesRead === 0) socket.destroy()
    const late = setTimeout(() => this.server.closeAllConnections(), STOP_GRACE)
    await promise
    clearTimeout(late)
  }

  get faults(): Faults {
    return this.service.faults
  }

  set faults(faults: Faults) {
    this.service.faults = faults
  }

  /** arrived = served + failed + refused + abandoned + serving + queued. Limits are null where there is none. */
  state(): Record<string, unknown> {
    const { model, failed } = this.service
    const { arrived, served, refused, abandoned, serving, queued } = model
    return {
      server: this.id,
      seed: this.settings.seed,
      ...this.faults,
      concurrency: model.concurrency === Infinity ? null : model.concurrency,
      queue: model.queue === Infinity ? null : model.queue,
      counts: { arrived, served: served - failed, failed, refused, abandoned, serving, queued },
      bodyBytes: this.bodyBytes,
    }
  }

  private readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    if (this.stopping) response.shouldKeepAlive = false
    const target = request.url!
    if (isRoute(target, '/health')) return this.answerHealth(response)
    if (isRoute(target, '/probe')) return this.answerProbe(response)
    if (isRoute(target, '/_fake')) return answerAdmin(this, request, response)
    const visit = new Visit(this, request, response)
    if (!hasBody(request.rawHeaders)) return visit.enter(this.service)
    request.on('data', (chunk: Buffer) => {
      this.bodyBytes += chunk.length
    })
    request.on('end', () => visit.enter(this.service))
  }

  /** Says how loaded it is, at once: nothing waits, nothing is counted. An ill server does not answer probes either. */
  private answerProbe(response: ServerResponse): void {
    if (this.faults.outage || this.stopping) return this.answerHealth(response)
    response.writeHead(204, ['x-served-by', this.id, REPORT_FIELD, this.report()])
    response.end()
  }

  private answerHealth(response: ServerResponse): void {
    const status = this.faults.outage ? 'outage' : this.stopping ? 'stopping' : 'ok'
    const { body } = this.prepare(200, { status })
    response.writeHead(status === 'ok' ? 200 : 503, this.fields(body))
    response.end(body)
  }

  answer(target: string, response: ServerResponse, result: Result, timing: string): void {
    const refusal = result === 'ok' ? undefined : this.refusals[result]
    const body = refusal?.body ?? this.payload.of(target)
    if (this.stopping) response.shouldKeepAlive = false
    const fields = this.fields(body)
    if (timing !== '') fields.push('server-timing', timing)
    response.writeHead(refusal?.status ?? 200, fields)
    response.end(body) // Node leaves the body of an answer to HEAD out.
  }

  private fields(body: Buffer): string[] {
    const length = String(body.length)
    const fields = ['content-type', JSON_TYPE, 'content-length', length, 'x-served-by', this.id]
    fields.push(REPORT_FIELD, this.report())
    return fields
  }

  /** Of this moment: whoever is answered now is not in hand any more. */
  private report(): string {
    return writeReport(this.service.report())
  }

  private prepare(status: number, data: Record<string, unknown>): Answer {
    return { status, body: Buffer.from(JSON.stringify({ server: this.id, ...data })) }
  }
}

/** One request and the way to answer it. */
class Visit implements Client {
  private readonly fake: FakeBackend
  private readonly request: IncomingMessage
  private readonly response: ServerResponse

  constructor(fake: FakeBackend, request: IncomingMessage, response: ServerResponse) {
    this.fake = fake
    this.request = request
    this.response = response
  }

  enter(service: Service): void {
    const inside: Inside | undefined = service.enter(this)
    // After an answer it is closed as well, but by then nobody is inside.
    if (inside !== undefined) this.response.on('close', () => service.leave(inside))
  }

  answer(result: Result, waited: number, worked: number): void {
    const served = result === 'ok' || result === 'failure'
    const timing = served ? serverTiming(waited, worked) : ''
    this.fake.answer(this.request.url!, this.response, result, timing)
  }
}

/** As the W3C's Server Timing has it, in milliseconds; a proxy's overhead is what is left of a latency. */
function serverTiming(waited: number, worked: number): string {
  const work = `work;dur=${worked === 0 ? '0' : worked.toFixed(3)}`
  return waited === 0 ? work : `queue;dur=${waited.toFixed(3)}, ${work}`
}

function isRoute(target: string, path: string): boolean {
  return target.startsWith(path) && (target.length === path.length || target[path.length] === '?')
}

/** By RFC 9112 section 6: a request has a body when one of these two fields says so. */
function hasBody(fields: readonly string[]): boolean {
  for (let i = 0; i < fields.length; i += 2) {
    const { length } = fields[i]
    if (length === 14 && fields[i].toLowerCase() === 'content-length') return fields[i + 1] !== '0'
    if (length === 17 && fields[i].toLowerCase() === 'transfer-encoding') return true
  }
  return false
}
