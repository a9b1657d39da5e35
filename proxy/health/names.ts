import { isDeepStrictEqual } from 'node:util'
import type { Endpoint } from '../core/endpoint.ts'
import {
  type Found,
  keyOf,
  type NameAnswer,
  type NameChanges,
  NameWatch,
} from '../core/name-watch.ts'
import type { Rng } from '../core/rng.ts'
import type { Servers } from '../servers.ts'
import type { ServerSettings } from '../settings.ts'
import type { DnsSettings, NameSettings } from '../upstream-settings.ts'
import { lookUp } from './lookup.ts'
import { Resolver } from './resolver.ts'

/** What is told of a name. */
export interface NameView {
  readonly name: string
  readonly resolve: NameSettings['resolve']
  /** How many servers it has. */
  readonly servers: number
  /** Why they are not those of a fresh answer; empty if they are. */
  readonly trouble: string
}

export interface NamesParts {
  readonly servers: Pick<Servers, 'add' | 'find' | 'remove' | 'steer'>
  readonly rng: Rng
  /** Brings the proxy's clock up to date, and reads it. */
  touch(): number
  say(message: string): void
}

interface Named {
  readonly settings: NameSettings
  readonly watch: NameWatch
  /** By address and port. */
  readonly servers: Map<string, Endpoint>
  /** Addresses of a service's targets when they last resolved. */
  readonly targets: Map<string, readonly string[]>
  /** Addresses of the last answer that could not be added, by address and port: that is told once. */
  readonly refused: Set<string>
  /** It has had no servers so far. */
  fresh: boolean
  /** It was said that it names too many. */
  crowded: boolean
  asking: boolean
  /** It is not wanted any more. */
  over: boolean
}

/**
 * The servers that are named, and not listed: asks for each name again when its answer is no good any more, and lets servers come and
 * go. One that leaves finishes the requests that it has; those that stay keep what is known of them. Runs on the proxy's tick.
 */
export class Names {
  /** How many answers have come. */
  heard = 0
  private readonly parts: NamesParts
  private resolver: Resolver
  private dns: DnsSettings
  private all: Named[]
  private stopped = false

  constructor(names: readonly NameSettings[], dns: DnsSettings, parts: NamesParts) {
    this.parts = parts
    this.dns = dns
    this.resolver = new Resolver(dns)
    this.all = names.map((settings) => this.named(settings))
  }

  /**
   * Other names, or other ways to look them up. Servers of a name that is not among them go, as they would if it had no addresses;
   * one that is said otherwise than before begins anew. All at one moment, when the new ones were asked for: there is none without servers.
   */
  async follow(names: readonly NameSettings[], dns: DnsSettings): Promise<void> {
    const same = isDeepStrictEqual(dns, this.dns)
    if (!same) {
      this.resolver.stop()
      this.dns = dns
      this.resolver = new Resolver(dns)
    }
    const before = this.all
    this.all = names.map((settings) => {
      const kept = before.find((named) => isDeepStrictEqual(named.settings, settings))
      if (kept === undefined) return this.named(settings)
      if (!same) kept.watch.use(dns)
      return kept
    })
    const gone = before.filter((named) => !this.all.includes(named))
    const come = this.all.filter((named) => !before.includes(named))
    for (const named of gone) named.over = true
    for (const named of come) named.asking = true
    const { resolver } = this
    const answers = await Promise.all(
      come.map(({ settings, targets }) => lookUp(resolver, settings, [], targets)),
    )
    for (const named of gone) {
      const changes = { add: [], change: [], remove: named.watch.known }
      this.apply(named, changes)
      this.tell(named.settings.name, changes)
    }
    for (const [i, named] of come.entries()) {
      named.asking = false
      if (!this.stopped && !named.over) this.hear(named, answers[i])
    }
  }

  /** Resolves when every name was asked for once, whatever came of it. */
  async begin(): Promise<void> {
    await Promise.all(this.all.map((named) => this.ask(named)))
  }

  tick(now: number): void {
    for (const named of this.all) if (now >= named.watch.nextAt) void this.ask(named)
  }

  get views(): NameView[] {
    return this.all.map(({ servers, settings, watch }) => {
      const { name, resolve } = settings
      return { name, resolve, servers: servers.size, trouble: watch.trouble }
    })
  }

  stop(): void {
    this.stopped = true
    this.resolver.stop()
  }

  private named(settings: NameSettings): Named {
    const watch = new NameWatch(this.dns, this.parts.rng.fork(`name ${settings.id}`))
    const notes = { servers: new Map(), targets: new Map(), refused: new Set<string>() }
    return { settings, watch, ...notes, fresh: true, crowded: false, asking: false, over: false }
  }

  private async ask(named: Named): Promise<void> {
    if (named.asking || this.stopped) return
    named.asking = true
    const { settings, targets, watch } = named
    const { resolver } = this
    const answer = await lookUp(resolver, settings, watch.known, targets)
    named.asking = false
    // What somebody says who was not to be asked any more counts no more.
    if (!this.stopped && !named.over && resolver === this.resolver) this.hear(named, answer)
  }

  private hear(named: Named, answer: NameAnswer): void {
    const { settings, watch } = named
    const before = watch.trouble
    const changes = watch.heard(answer, this.parts.touch())
    this.heard++
    const left = answer.type === 'found' ? (answer.left ?? 0) : 0
    if (left > 0 && !named.crowded) {
      this.parts.say(
        `warning: ${settings.name} names ${left} addresses too many: they are not used`,
      )
    }
    named.crowded = left > 0
    if (answer.type === 'found') {
      const there = new Set(answer.found.map(keyOf))
      for (const key of named.refused) if (!there.has(key)) named.refused.delete(key)
    }
    const add = this.apply(named, changes)
    this.tell(settings.name, { ...changes, add })
    if (watch.trouble === before) return
    const count = named.servers.size
    const who = count === 1 ? 'its server stays' : `its ${count} servers stay`
    const what = count === 0 ? 'it has no servers' : `${who} for now`
    const how = answer.type === 'found' ? ' in part' : ''
    this.parts.say(
      watch.trouble === ''
        ? `${settings.name} resolves again`
        : `warning: ${settings.name} does not resolve${how} (${watch.trouble})${how === '' ? `: ${what}` : ''}`,
    )
  }

  /** Gives those that could be added. */
  private apply(named: Named, { add, change, remove }: NameChanges): Found[] {
    const { servers } = this.parts
    for (const found of remove) {
      const server = named.servers.get(keyOf(found))
      named.servers.delete(keyOf(found))
      if (server !== undefined && !server.removed) servers.remove(server)
    }
    for (const found of change) {
      const server = named.servers.get(keyOf(found))
      if (server === undefined || server.removed) continue
      servers.steer(server, { weight: found.weight, backup: found.backup })
    }
    // The first ones count as well until checks say otherwise, as at the first boot: without them there would be nobody.
    const added = add.filter((found) => this.add(named, found, named.fresh ? false : undefined))
    if (added.length > 0) named.fresh = false
    return added
  }

  /** False: there is no room, its id is taken, or a file with certificates cannot be read now. The others come all the same. */
  private add(
    { refused, servers, settings, watch }: Named,
    found: Found,
    unproven?: false,
  ): boolean {
    const key = keyOf(found)
    const server = settingsOf(settings, found)
    try {
      this.parts.servers.add(server, unproven)
      servers.set(key, this.parts.servers.find(server.id)!)
      refused.delete(key)
      return true
    } catch (error) {
      watch.refused(found)
      if (refused.has(key)) return false
      refused.add(key)
      const why = (error as Error).message
      this.parts.say(`warning: ${settings.name}: ${key} is not added (${why}), until that changes`)
      return false
    }
  }

  private tell(name: string, { add, remove }: NameChanges): void {
    const list = (found: readonly Found[]): string => found.map(keyOf).join(', ')
    const news = [
      ...(add.length === 0 ? [] : [`now has ${list(add)}`]),
      ...(remove.length === 0 ? [] : [`no longer has ${list(remove)}`]),
    ]
    if (news.length > 0) this.parts.say(`${name} ${news.join(', and ')}`)
  }
}

/** The server at that address. Its id stays the same as long as name and address do. */
function settingsOf(named: NameSettings, found: Found): ServerSettings {
  const { id, http2, max, name, resolve, scheme, tls } = named
  const place = keyOf(found)
  return {
    id: `${id}-${place.replace(/[[\]]/g, '')}`,
    url: `${scheme}://${place}`,
    // Of a service not the name that its record gives: whoever can forge an answer could choose whose certificate is good (RFC 9525).
    host: resolve === 'srv' ? name.replace(/^_[^.]+\._[^.]+\./, '') : name,
    weight: found.weight,
    backup: found.backup,
    ...(max !== undefined && { max }),
    ...(tls !== undefined && { tls }),
    ...(http2 !== undefined && { http2 }),
  }
}
