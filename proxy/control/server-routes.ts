import { readDuration, Wrong } from '../config-values.ts'
import type { Endpoint } from '../core/endpoint.ts'
import { show } from '../core/problems.ts'
import { admitFiles } from './arriving-files.ts'
import { ARRIVAL, CHANGE } from './bodies.ts'
import { judged } from './body.ts'
import { drained, drainOf, type DrainView } from './drain.ts'
import { matching } from './matching.ts'
import { Refusal } from './refusal.ts'
import type { Answer, Ask, Route } from './route.ts'
import { type ServerView, tagOf, viewOf } from './server-view.ts'
import type { Steered, Wish } from './steered.ts'

/** What there is to ask and to tell about servers. `files`: whoever asks may name files with certificates, which the proxy reads with its own rights. */
export function serverRoutes(steered: Steered, files = false): Route[] {
  const routes = new ServerRoutes(steered, files)
  return [
    {
      method: 'GET',
      path: '/servers',
      summary: 'All servers, in the order in which they were added.',
      answers: { 200: 'Servers' },
      run: () => routes.list(),
    },
    {
      method: 'GET',
      path: '/servers/{id}',
      summary: 'One server.',
      answers: { 200: 'Server', 404: 'Error' },
      run: (ask) => routes.show(ask),
    },
    {
      method: 'PATCH',
      path: '/servers/{id}',
      summary:
        'Changes what operators want of a server. `drain`: it gets no new requests; `maint`: likewise, and it counts as down.',
      body: 'Change',
      query: { wait: WAIT },
      matches: true,
      answers: { 200: 'ChangedServer', 404: 'Error' },
      run: (ask) => routes.change(ask),
    },
    {
      method: 'POST',
      path: '/servers',
      summary:
        'Adds a server. It gets requests when checks have found it well, or at once where there are none.',
      body: 'NewServer',
      matches: true,
      answers: { 201: 'Server', 403: 'Error', 409: 'Error' },
      run: (ask) => routes.add(ask),
    },
    {
      method: 'DELETE',
      path: '/servers/{id}',
      summary: 'Drains a server, and removes it when its last request has ended.',
      query: {
        wait: WAIT,
        now: 'Removes it at once: requests that it has are finished, but not seen any more.',
      },
      matches: true,
      answers: { 202: 'ChangedServer', 204: undefined, 404: 'Error' },
      run: (ask) => routes.remove(ask),
    },
  ]
}

/** In milliseconds: who wants to wait longer can ask again. */
const LONGEST_WAIT = 600_000
const WAIT = 'For a server that gets no new requests: how long to wait for its last ones, like 10s.'

const NEVER = new AbortController().signal

class ServerRoutes {
  private readonly steered: Steered
  private readonly files: boolean
  /** When those who are to get no more requests were told so. */
  private readonly drainedAt = new WeakMap<Endpoint, number>()
  /** Those that go with their last request, unless they are told meanwhile to stay. */
  private readonly leaving = new Set<Endpoint>()

  constructor(steered: Steered, files: boolean) {
    this.steered = steered
    this.files = files
  }

  list(): Answer {
    const servers = this.steered.balancer.servers.map((server) => this.view(server))
    return { status: 200, body: { servers }, fields: { ETag: tagOf(servers) } }
  }

  show({ id }: Ask): Answer {
    return this.answer(this.find(id))
  }

  async change({ body, gone, id, ifMatch, query }: Ask): Promise<Answer> {
    const server = this.find(id)
    const { max, ...rest } = judged(CHANGE, body)
    const patience = patienceIn(query)
    const state = rest.state ?? server.admin
    if (patience !== undefined && state === 'ready') {
      throw new Refusal(400, 'bad_request', ['wait goes with a server in drain or maint'])
    }
    matching(ifMatch, tagOf([this.view(server)]))
    const wish = { ...rest, ...(max !== undefined && { max: max ?? Infinity }) }
    this.steer(server, wish)
    if (state === 'ready') this.leaving.delete(server)
    if (patience !== undefined) await drained(server, patience, gone)
    const more = state === 'ready' ? {} : { drain: await this.drainOf(server) }
    if (server.removed) throw new Refusal(404, 'no_such_server')
    return this.answer(server, 200, more)
  }

  add({ body, ifMatch }: Ask): Answer {
    const { servers, balancer } = this.steered
    const given = judged(ARRIVAL, typeof body === 'string' ? { url: body } : body)
    admitFiles(given.tls, this.files)
    matching(ifMatch, tagOf(balancer.servers.map((server) => this.view(server))))
    const id = given.id ?? this.freeId()
    try {
      servers.add({ ...given, id })
    } catch (error) {
      if (error instanceof RangeError) throw new Refusal(409, 'cannot_add', [error.message])
      throw error
    }
    const { fields, ...answer } = this.answer(this.find(id), 201)
    return { ...answer, fields: { ...fields, Location: `/servers/${id}` } }
  }

  async remove({ gone, id, ifMatch, query }: Ask): Promise<Answer> {
    const server = this.find(id)
    const patience = patienceIn(query)
    matching(ifMatch, tagOf([this.view(server)]))
    if (query['now'] !== undefined) return this.take(server)
    this.steer(server, { state: 'drain' })
    if (server.inflight === 0) return this.take(server)
    this.leaving.add(server)
    void drained(server, Infinity, NEVER).then(() => this.goes(server))
    if (patience !== undefined) await drained(server, patience, gone)
    this.goes(server)
    const drain = await this.drainOf(server)
    // It may have gone while the threads were asked.
    if (server.removed) return { status: 204 }
    return this.answer(server, 202, { drain })
  }

  private steer(server: Endpoint, wish: Wish): void {
    this.steered.servers.steer(server, wish)
    if (server.admin === 'ready') this.drainedAt.delete(server)
    else if (!this.drainedAt.has(server)) this.drainedAt.set(server, performance.now())
  }

  private drainOf(server: Endpoint): Promise<DrainView> {
    const now = performance.now()
    return drainOf(this.steered, server, now - (this.drainedAt.get(server) ?? now))
  }

  /** If it still has to, and can. */
  private goes(server: Endpoint): void {
    if (this.leaving.has(server) && server.inflight === 0) this.take(server)
  }

  private take(server: Endpoint): Answer {
    this.leaving.delete(server)
    if (!server.removed) this.steered.servers.remove(server)
    return { status: 204 }
  }

  /** `b3` if there are two. */
  private freeId(): string {
    const { servers } = this.steered.balancer
    let number = servers.length + 1
    while (servers.some(({ id }) => id === `b${number}`)) number++
    return `b${number}`
  }

  private answer(server: Endpoint, status = 200, more: object = {}): Answer {
    const view = this.view(server)
    return { status, body: { ...view, ...more }, fields: { ETag: tagOf([view]) } }
  }

  private view(server: Endpoint): ServerView {
    return viewOf(server, this.steered.servers.urlOf(server))
  }

  private find(id: string): Endpoint {
    const server = this.steered.balancer.servers.find((each) => each.id === id)
    if (server === undefined) throw new Refusal(404, 'no_such_server')
    return server
  }
}

/** In milliseconds. */
function patienceIn({ wait }: Ask['query']): number | undefined {
  if (wait === undefined) return undefined
  const patience = readDuration(wait)
  if (!(patience instanceof Wrong) && patience <= LONGEST_WAIT) return patience
  const rule = patience instanceof Wrong ? patience.rule : 'must be at most 10m'
  throw new Refusal(400, 'bad_request', [`wait ${rule}, got ${show(wait)}`])
}
