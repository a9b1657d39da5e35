import type { Wish } from './control/steered.ts'
import type { Balancer } from './core/balancer.ts'
import { Endpoint } from './core/endpoint.ts'
import { type Way, wayTo } from './http/way.ts'
import type { OnSkipped, ServerChange } from './server-changes.ts'
import type { ServerSettings } from './settings.ts'
import type { TlsTexts } from './tls-files.ts'
import { TLS_DEFAULTS, type UpstreamTls, type Whereabouts } from './upstream-settings.ts'

/** Somebody who has to know where a server is. */
interface Watcher {
  watch(server: Endpoint, way: Way): void
  forget(server: Endpoint): void
}

/** What was done to a server, as plain data: so that other threads can do the same. */
export type ServerNews =
  | { readonly type: 'steer'; readonly id: string; readonly wish: Wish }
  | ({ readonly type: 'add' } & Arrival)
  | { readonly type: 'remove'; readonly id: string }

interface Arrival {
  readonly server: ServerSettings
  /** The same in every thread. */
  readonly slot: number
  /** It gets requests when checks have found it well. */
  readonly unproven: boolean
  /** Of its certificates' files, where they have been read. */
  readonly texts?: TlsTexts | undefined
}

/** What another thread knows of a server that is there at the start. */
export type Place = Pick<Arrival, 'slot' | 'texts' | 'unproven'>

/** Who takes part. */
export interface ServerParts {
  /** How TLS is spoken to servers that say nothing else. */
  readonly tls?: UpstreamTls
  readonly checks?: Watcher | undefined
  readonly probes?: Watcher
  /** Unlike the others these are needed to the last request. */
  readonly upstreams?: Watcher
  /** Hears what is done here. */
  tell?(news: ServerNews): void
}

/** The servers of a proxy, with their addresses: who comes and changes is told to all parts. */
export class Servers {
  private readonly balancer: Balancer
  private readonly parts: { -readonly [Part in keyof ServerParts]: ServerParts[Part] }
  /** With the way to each: its files may be gone by the time when somebody else wants to know it. */
  private readonly places = new Map<Endpoint, { readonly place: Whereabouts; readonly way: Way }>()
  private leaving: Endpoint[] = []

  constructor(balancer: Balancer, parts: ServerParts) {
    this.balancer = balancer
    this.parts = { ...parts }
  }

  /** Others make the checks from here on, or nobody does. */
  useChecks(checks: Watcher | undefined): void {
    this.parts.checks = checks
    for (const server of this.balancer.servers) {
      checks?.watch(server, this.places.get(server)!.way)
    }
  }

  /** Throws an error that says why if these changes cannot be made. Nothing has been done by then. */
  judge(changes: readonly ServerChange[]): void {
    const more = changes.filter((change) => change.type === 'add')
    for (const { server } of more) this.wayTo(server)
    const { vacancies } = this.balancer.memory
    if (more.length <= vacancies) return
    throw new RangeError(`no room for ${more.length} more servers, only for ${vacancies}`)
  }

  /**
   * Steps that lead from the servers that there are to others. Never throws, since everything else has been done by then: a step that
   * was possible when it was judged, and is not any more, is left out, and `onSkipped` hears why. (Its id or its slot has been
   * taken by one that was added meanwhile, or a file is gone.)
   */
  change(changes: readonly ServerChange[], onSkipped?: OnSkipped): void {
    for (const change of changes) {
      try {
        this.step(change)
      } catch (error) {
        onSkipped?.(change, (error as Error).message)
      }
    }
  }

  private step(change: ServerChange): void {
    if (change.type === 'add') return this.add(change.server)
    const server = this.find(change.id)
    if (server === undefined) return
    if (change.type === 'remove') this.remove(server)
    else this.steer(server, change.wish)
  }

  /** One of those that the proxy begins with. Of whom nothing is known gets the next slot. Throws if its certificates cannot be used. */
  begin(settings: ServerSettings, known?: Place): void {
    const { id, weight, max, backup, ...place } = settings
    const { checks, probes, upstreams } = this.parts
    const { slot, texts, unproven = false } = known ?? {}
    const way = this.wayTo(place, texts)
    const server = new Endpoint(id, { weight, max: max ?? Infinity, backup })
    server.healthy = !unproven
    server.unproven = unproven
    this.balancer.add(server, slot)
    this.places.set(server, { place, way })
    for (const part of [checks, probes, upstreams]) part?.watch(server, way)
  }

  /**
   * One that comes while the proxy runs. Where there are checks they have to find it well first, unless it is given as proven. Throws a
   * `RangeError` for an id that is taken, or when there is no room.
   */
  add(server: ServerSettings, unproven = this.parts.checks !== undefined): void {
    this.arrive({ server, slot: this.balancer.vacantSlot, unproven })
  }

  /** It gets no new requests; those that it has are finished. */
  remove(server: Endpoint): void {
    const { id } = server
    this.balancer.remove(server)
    // At once: another of the same id may come, and be taken for this one.
    this.parts.checks?.forget(server)
    this.parts.probes?.forget(server)
    this.leaving.push(server)
    this.parts.tell?.({ type: 'remove', id })
  }

  /** Lets go of those who have left with the last request that they had. Ten times a second. */
  tick(): void {
    if (this.leaving.length === 0) return
    for (const server of this.leaving.filter(({ slot }) => slot < 0)) {
      this.parts.upstreams?.forget(server)
      this.places.delete(server)
    }
    this.leaving = this.leaving.filter(({ slot }) => slot >= 0)
  }

  steer(server: Endpoint, wish: Wish): void {
    const { balancer } = this
    const { backup, max, state, weight } = wish
    if (state !== undefined) balancer.setAdmin(server, state)
    if (weight !== undefined) balancer.setWeight(server, weight)
    if (max !== undefined) balancer.setMax(server, max)
    if (backup !== undefined) balancer.setBackup(server, backup)
    this.parts.tell?.({ type: 'steer', id: server.id, wish })
  }

  /** Does what another thread has done. */
  follow(news: ServerNews): void {
    if (news.type === 'add') return this.arrive(news)
    const server = this.find(news.id)
    if (server === undefined) return
    if (news.type === 'steer') this.steer(server, news.wish)
    else this.remove(server)
  }

  private arrive({ server, ...known }: Arrival): void {
    this.begin(server, known)
    const texts = this.textsOf(this.find(server.id)!)
    this.parts.tell?.({ type: 'add', server, ...known, texts })
  }

  private wayTo(place: Whereabouts, texts?: TlsTexts): Way {
    return wayTo(place, this.parts.tls ?? TLS_DEFAULTS, texts)
  }

  /** What was in the files of its certificates when it came. */
  textsOf(server: Endpoint): TlsTexts | undefined {
    return this.places.get(server)!.way.secure?.texts
  }

  find(id: string): Endpoint | undefined {
    return this.balancer.servers.find((server) => server.id === id)
  }

  urlOf(server: Endpoint): string {
    return this.places.get(server)!.place.url
  }

  get all(): readonly Endpoint[] {
    return this.balancer.servers
  }

  /** As they are now, to make them anew. */
  get settings(): ServerSettings[] {
    return this.balancer.servers.map((server) => {
      const { backup, configuredWeight: weight, id, max } = server
      const limit = max === Infinity ? {} : { max }
      return { id, ...this.places.get(server)!.place, weight, backup, ...limit }
    })
  }
}
