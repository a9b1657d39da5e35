import {
  createServer,
  type IncomingMessage,
  request as ask,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Steering } from '../../proxy/admin/steering.ts'
import { Gate } from '../../proxy/control/gate.ts'
import { Refusal } from '../../proxy/control/refusal.ts'
import type { Fake } from './fleet.ts'
import { Faulty, isFault } from './faulty.ts'

/** Far more than a fault takes. */
const BODY_LIMIT = 1024

/** The desk could not begin to listen; `code` is the operating system's. */
export class DeskError extends Error {
  readonly code: string | undefined

  constructor({ code, message }: NodeJS.ErrnoException) {
    super(message)
    this.name = 'DeskError'
    this.code = code
  }
}

interface Ports {
  readonly port: number
  readonly adminPort: number | undefined
}

/**
 * What people have in front of them: the proxy's admin API with its page, and, below `/lab/`, the doors of the fakes, so that the page can break
 * one. A page may talk to where it came from and to nobody else, so both have to be at one address. On this machine alone.
 */
export class Desk {
  /** Of the proxy's own admin API, once it has one. */
  admin: string | undefined
  private readonly faulty: Faulty
  private readonly gate = new Gate(undefined)
  private readonly server: Server

  constructor(fakes: readonly Fake[]) {
    this.faulty = new Faulty(fakes)
    this.server = createServer((request, response) => void this.serve(request, response))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** Where it was told to, or else at the next port or, if somebody is there, at a free one. Throws a `DeskError`. */
  async listen({ adminPort, port }: Ports): Promise<void> {
    const wanted = adminPort ?? (port === 0 || port === 65_535 ? 0 : port + 1)
    try {
      await this.bind(wanted)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (adminPort !== undefined || code !== 'EADDRINUSE') throw new DeskError(error as Error)
      await this.bind(0)
    }
  }

  close(): void {
    this.server.close()
    this.server.closeAllConnections()
  }

  private async bind(port: number): Promise<void> {
    const { promise, reject, resolve } = Promise.withResolvers<void>()
    this.server.once('error', reject)
    this.server.listen(port, '127.0.0.1', resolve)
    await promise.finally(() => this.server.off('error', reject))
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {})
    const path = request.url!.split('?')[0]
    const own = path === '/lb/steering' || path.startsWith('/lab/')
    if (!own) return this.pass(request, response)
    try {
      this.gate.check(request)
      const body = path === '/lb/steering' ? STEERING : await this.answer(path, request)
      send(response, 200, body)
    } catch (error) {
      if (error instanceof Refusal)
        send(response, error.status, { error: error.word, problems: error.problems })
      else send(response, 502, { error: 'no_answer', problems: [(error as Error).message] })
    }
  }

  private async answer(path: string, request: IncomingMessage): Promise<unknown> {
    if (path === '/lab/fakes') {
      if (request.method === 'GET') return { fakes: await this.faulty.all() }
      throw new Refusal(405, 'method_not_allowed', ['GET shows the fakes'], { Allow: 'GET' })
    }
    const [, id] = /^\/lab\/fakes\/([^/]+)$/.exec(path) ?? []
    const fake = this.faulty.find(id)
    if (fake === undefined) throw new Refusal(404, 'not_found', ['there is no such fake'])
    if (request.method !== 'PUT')
      throw new Refusal(405, 'method_not_allowed', ['PUT breaks it'], { Allow: 'PUT' })
    const fault = await faultIn(request)
    if (!isFault(fault)) throw new Refusal(400, 'bad_request', ['there is no such fault'])
    return this.faulty.change(fake, fault)
  }

  /** To the proxy, as it came: it looks at Host and Origin itself. */
  private pass(request: IncomingMessage, response: ServerResponse): void {
    if (this.admin === undefined) {
      send(response, 503, { error: 'starting', problems: ['the proxy has not started yet'] })
      return
    }
    const { headers, method, url } = request
    const { hostname, port } = new URL(this.admin)
    const onward = ask({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(response)
      answer.on('error', () => response.destroy())
    })
    onward.on('error', () => {
      if (response.headersSent) response.destroy()
      else send(response, 502, { error: 'no_answer', problems: ['the proxy does not answer'] })
    })
    response.on('close', () => onward.destroy())
    request.pipe(onward)
  }
}

const STEERING: Steering = { here: true, token: false, fakes: true }

async function faultIn(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const piece of request.setEncoding('utf8')) {
    text += piece as string
    if (text.length > BODY_LIMIT) throw new Refusal(413, 'too_large', ['a fault is a word'])
  }
  try {
    return (JSON.parse(text) as { fault?: unknown } | null)?.fault
  } catch {
    return undefined
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(`${JSON.stringify(body)}\n`)
}
