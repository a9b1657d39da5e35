import { request } from 'undici'
import type { EventSpec, OperatorChange, ServerSpec, Those } from '../../simulator/scenario.ts'
import { serverId } from '../../simulator/server-id.ts'
import { arrivalOf, type ServerAt } from './configuration.ts'
import type { Operator } from './driver.ts'

/** Does to a real proxy what a scenario has operators do, by its admin API; what befalls servers is theirs to know. */
export class AdminOperator implements Operator {
  /** What could not be done, a line each. */
  readonly failures: string[] = []
  private readonly url: string
  private readonly servers: readonly ServerAt[]
  /** Those that are in the pool, or were. */
  private known: number
  private strategy: unknown
  /** One thing after another. */
  private work: Promise<void> = Promise.resolve()

  /** `servers`: all that there will ever be, the first `known` of them from the start. */
  constructor(url: string, servers: readonly ServerAt[], known: number, strategy: unknown) {
    this.url = url
    this.servers = servers
    this.known = known
    this.strategy = strategy
  }

  /** Settled when all is done that was to be done. */
  get idle(): Promise<void> {
    return this.work
  }

  /** From the next request on. */
  begin(): Promise<void> {
    return this.ask('PUT', '/strategy', this.strategy)
  }

  happen(event: EventSpec): void {
    if ('operator' in event) this.each(event.server, (id) => this.steer(id, event.operator))
    else if ('remove' in event) {
      this.each(event.remove, (id) => void this.ask('DELETE', `/servers/${id}`))
    } else if ('add' in event) this.add(event.add)
    else if ('strategy' in event) {
      this.strategy = event.strategy
      void this.begin()
    } else if ('push' in event) void this.begin()
  }

  private add(spec: ServerSpec): void {
    for (let i = 0; i < (spec.count ?? 1); i++) {
      const id = serverId(spec, this.known++)
      const { url } = this.servers.find((each) => each.id === id)!
      void this.ask('POST', '/servers', arrivalOf(id, url, spec))
    }
  }

  private steer(id: string, { admin, max, weight }: OperatorChange): void {
    void this.ask('PATCH', `/servers/${id}`, {
      ...(admin !== undefined && { state: admin }),
      ...(weight !== undefined && { weight }),
      ...(max !== undefined && { max: max === Infinity ? null : max }),
    })
  }

  private each(those: Those, apply: (id: string) => void): void {
    const ids = typeof those === 'string' ? [those] : those
    for (const { id } of this.servers.slice(0, this.known)) {
      if (ids.includes(id) || those === '*') apply(id)
    }
  }

  private ask(method: 'DELETE' | 'PATCH' | 'POST' | 'PUT', path: string, body?: unknown) {
    const done = this.work.then(async () => {
      const answer = await request(`${this.url}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await answer.body.text()
      if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} ${text}`)
    })
    this.work = done.catch((error: Error) => {
      this.failures.push(`${method} ${path}: ${error.message}`)
    })
    return this.work
  }
}
