import type { Wish } from './control/steered.ts'
import type { Balancer } from './core/balancer.ts'
import { Endpoint } from './core/endpoint.ts'
import type { ServerSettings } from './settings.ts'

/** Somebody who has to know where a server is. */
export interface Watcher {
  watch(server: Endpoint, origin: string): void
}

/** What was done to a server, as plain data: so that other threads can do the same. */
export type ServerNews = { readonly type: 'steer'; readonly id: string; readonly wish: Wish }

/** The servers of a proxy, with their addresses: who comes and changes is told to all parts. */
export class Servers {
  private readonly balancer: Balancer
  private readonly watchers: readonly Watcher[]
  private readonly tell: (news: ServerNews) => void
  private readonly urls = new Map<Endpoint, string>()

  /** `tell`: hears what is done here. */
  constructor(
    balancer: Balancer,
    watchers: readonly Watcher[],
    tell: (news: ServerNews) => void = () => {},
  ) {
    this.balancer = balancer
    this.watchers = watchers
    this.tell = tell
  }

  add({ id, url, weight, max, backup }: ServerSettings): void {
    const server = new Endpoint(id, { weight, max: max ?? Infinity, backup })
    this.balancer.add(server)
    this.urls.set(server, url)
    for (const watcher of this.watchers) watcher.watch(server, url)
  }

  steer(server: Endpoint, wish: Wish): void {
    const { balancer } = this
    const { max, state, weight } = wish
    if (state !== undefined) balancer.setAdmin(server, state)
    if (weight !== undefined) balancer.setWeight(server, weight)
    if (max !== undefined) balancer.setMax(server, max)
    this.tell({ type: 'steer', id: server.id, wish })
  }

  /** Does what another thread has done. */
  follow(news: ServerNews): void {
    const server = this.find(news.id)
    if (server !== undefined) this.steer(server, news.wish)
  }

  find(id: string): Endpoint | undefined {
    return this.balancer.servers.find((server) => server.id === id)
  }

  urlOf(server: Endpoint): string {
    return this.urls.get(server)!
  }

  /** As they are now, to make them anew. */
  get settings(): ServerSettings[] {
    return this.balancer.servers.map((server) => {
      const { backup, configuredWeight: weight, id, max } = server
      const limit = max === Infinity ? {} : { max }
      return { id, url: this.urlOf(server), weight, backup, ...limit }
    })
  }
}
