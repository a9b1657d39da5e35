import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Steered } from './steered.ts'
import type { AdminSettings } from '../settings.ts'
import { readBody } from './body.ts'
import type { Steering } from '../admin/steering.ts'
import { Gate } from './gate.ts'
import { Onlooker } from './onlooker.ts'
import { Refusal } from './refusal.ts'
import { type Answer, findRoute, type Route } from './route.ts'

/** Nobody needs more at a time to steer a proxy. */
const MOST_CONNECTIONS = 64
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 16 * 1024,
}

/**
 * The hands: an API that changes a running proxy, on a port of its own, in JSON. One small server over node:http: it serves a few
 * operators, and what it lets through is all here, in control/gate.ts and in control/body.ts.
 */
export class Control {
  private readonly settings: AdminSettings
  private readonly routes: readonly Route[]
  private readonly gate: Gate
  private readonly server: Server
  private readonly say: (message: string) => void
  private readonly eyes: Steered['eyes']

  constructor(
    settings: AdminSettings,
    routes: readonly Route[],
    say: (message: string) => void = () => {},
    eyes: Steered['eyes'] = { admin: undefined },
  ) {
    this.settings = settings
    this.routes = routes
    this.gate = new Gate(settings.token)
    this.say = say
    this.eyes = eyes
    this.server = createServer(LIMITS, (request, response) => void this.serve(request, response))
    this.server.maxConnections = MOST_CONNECTIONS
  }

  /** Rejects with the operating system's error, for example EADDRINUSE. */
  listen(): Promise<{ host: string; port: number }> {
    const { host, port } = this.settings
    return new Promise((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen({ host, port }, () => {
        this.server.off('error', reject)
        this.server.on('error', (error) => this.say(`warning: admin API: ${error.message}`))
        const { address, port } = this.server.address() as AddressInfo
        resolve({ host: address, port })
      })
    })
  }

  /** Who waits for something is told no more. */
  close(): void {
    this.server.close()
    this.server.closeAllConnections()
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {})
    let answer: Answer
    try {
      if (this.show(request, response)) return
      answer = await this.answer(request, response)
    } catch (error) {
      answer = this.failed(error)
    }
    if (!response.destroyed) send(request, response, answer)
  }

  /** The pages are here too, below the same prefix: what is loaded from here may steer. True: it was for them. */
  private show(request: IncomingMessage, response: ServerResponse): boolean {
    const { admin } = this.eyes
    const [path] = request.url!.split('?')
    if (admin?.handles(path) !== true) return false
    const asked = path === `${admin.prefix}/steering`
    // A browser that opens a page cannot show a token yet. There are no figures in the pages.
    this.gate.check(request, asked || admin.isPage(path))
    if (asked) {
      const body: Steering = { here: true, token: this.gate.wantsToken }
      send(request, response, { status: 200, body })
    } else admin.handle(new Onlooker(request, response))
    return true
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<Answer> {
    this.gate.check(request)
    const { id, query, route } = findRoute(this.routes, request.method!, request.url!)
    const body = route.body === undefined ? undefined : await readBody(request)
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    return route.run({ id, query, body, ifMatch: request.headers['if-match'], gone: gone.signal })
  }

  private failed(error: unknown): Answer {
    if (error instanceof Refusal) {
      const { fields, problems, status, word } = error
      return { status, fields, body: { error: word, problems } }
    }
    // What went wrong inside is for the log.
    this.say(`warning: admin API: ${error instanceof Error ? error.stack : String(error)}`)
    return { status: 500, body: { error: 'internal_error', problems: [] } }
  }
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { body, fields = {}, status } = answer
  const bytes = body === undefined ? '' : `${JSON.stringify(body, null, 2)}\n`
  // Of a body that nobody has read nobody knows where it ends.
  if (!request.complete) response.setHeader('Connection', 'close')
  response.writeHead(status, {
    ...(body !== undefined && { 'Content-Type': 'application/json; charset=utf-8' }),
    ...(status !== 204 && { 'Content-Length': Buffer.byteLength(bytes) }),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...fields,
  })
  response.end(request.method === 'HEAD' ? undefined : bytes)
}
