import type { Balancer } from '../core/balancer.ts'
import type { Endpoint } from '../core/endpoint.ts'
import { hear } from '../http/hearing.ts'
import { openUpstream } from '../http/open-upstream.ts'
import type { Upstream } from '../http/upstream.ts'
import type { Way } from '../http/way.ts'
import type { ProbeSettings } from '../settings.ts'
import { Probe, type ProbeOutcome, type ProbeOwner } from './probe.ts'

/** So many probes of a server are under way at most; strategies that ask more often than that hear no later for it. */
const MOST_AT_ONCE = 3

export interface ProbesOptions {
  readonly settings: ProbeSettings
  readonly balancer: Balancer
  /** Brings the proxy's clock up to date, and reads it. */
  touch(): number
  /** How long an idle connection is kept, in milliseconds. */
  readonly idleTimeout: number
  /** Something that whoever runs the proxy should know. */
  warn(message: string): void
}

/** How often each server was asked, by how it ended. */
export type ProbeCounts = Record<string, Record<ProbeOutcome, number>>

/** What several threads have asked. */
export function mergeProbes(parts: readonly ProbeCounts[]): ProbeCounts {
  // Not an object: a server may be called `constructor`, which every object has already.
  const sums = new Map<string, Record<ProbeOutcome, number>>()
  for (const [id, counts] of parts.flatMap((part) => Object.entries(part))) {
    const sum = sums.get(id) ?? { heard: 0, silent: 0, failed: 0, timeout: 0, skipped: 0 }
    for (const outcome of Object.keys(sum) as ProbeOutcome[]) sum[outcome] += counts[outcome]
    sums.set(id, sum)
  }
  return Object.fromEntries(sums)
}

/**
 * Asks servers how they are when a strategy wants to know, over connections of their own that are kept. A failure is nobody's
 * business: the strategy hears nothing, and health is the checks' affair.
 *
 * `ask` is called during picks, so it only takes a note; probes go out together when the turn of the event loop is over. Two
 * notes on one server are one probe.
 */
export class Probes {
  private options: ProbesOptions
  private readonly asked = new Map<Endpoint, Asked>()
  /** The first `count` are to be asked. Never shortened: taking a note allocates nothing. */
  private readonly notes: Asked[] = []
  private count = 0

  constructor(options: ProbesOptions) {
    this.options = options
  }

  watch(server: Endpoint, way: Way): void {
    this.asked.set(server, new Asked(this.options, server, way))
  }

  forget(server: Endpoint): void {
    const asked = this.asked.get(server)
    this.asked.delete(server)
    void asked?.stop()
  }

  /** Other settings for the next questions, over new connections; an answer to the last ones is not waited for. */
  follow(settings: ProbeSettings, idleTimeout: number): void {
    const { options } = this
    const same = JSON.stringify(settings) === JSON.stringify(options.settings)
    if (same && idleTimeout === options.idleTimeout) return
    this.options = { ...options, settings, idleTimeout }
    for (const asked of this.asked.values()) asked.follow(this.options)
  }

  /** Hot: takes a note. A server that is not watched is not asked. */
  ask(server: Endpoint): void {
    const asked = this.asked.get(server)
    if (asked === undefined || asked.noted) return
    asked.noted = true
    this.notes[this.count++] = asked
    if (this.count === 1) setImmediate(this.send)
  }

  /** Gives up what is late. Ten times a second. */
  tick(now: number): void {
    for (const asked of this.asked.values()) asked.expire(now)
  }

  /** How often the server was asked and it ended so; undefined before it was asked for the first time. */
  countsOf(server: Endpoint): Readonly<Record<ProbeOutcome, number>> | undefined {
    const asked = this.asked.get(server)
    return asked === undefined || asked.idle ? undefined : asked.counts
  }

  /** The same of all servers that were asked, by id: plain data, for another thread. */
  get counts(): ProbeCounts {
    const known = [...this.asked].filter(([, asked]) => !asked.idle)
    return Object.fromEntries(known.map(([server, asked]) => [server.id, { ...asked.counts }]))
  }

  async stop(): Promise<void> {
    const all = [...this.asked.values()]
    this.asked.clear()
    this.count = 0
    await Promise.all(all.map((asked) => asked.stop()))
  }

  private readonly send = (): void => {
    const { count, notes } = this
    this.count = 0
    for (let i = 0; i < count; i++) notes[i].send()
  }
}

/** One server, and the probes of it that are under way. */
class Asked implements ProbeOwner {
  /** It is among the notes. */
  noted = false
  readonly counts: Record<ProbeOutcome, number> = {
    heard: 0,
    silent: 0,
    failed: 0,
    timeout: 0,
    skipped: 0,
  }
  private options: ProbesOptions
  private readonly server: Endpoint
  private readonly way: Way
  private readonly underWay: Probe[] = []
  /** Made with the first question: most strategies ask nothing. */
  private upstream: Upstream | undefined
  private warned = false
  private stopped = false

  constructor(options: ProbesOptions, server: Endpoint, way: Way) {
    this.options = options
    this.server = server
    this.way = way
  }

  get idle(): boolean {
    return this.upstream === undefined
  }

  send(): void {
    this.noted = false
    if (this.stopped) return
    const { options, underWay } = this
    if (underWay.length >= MOST_AT_ONCE) {
      this.counts.skipped++
      return
    }
    const { path, timeout } = options.settings
    this.upstream ??= openUpstream(this.way, {
      connections: MOST_AT_ONCE,
      connectTimeout: timeout,
      idleTimeout: options.idleTimeout,
    })
    const probe = new Probe(this, options.touch() + timeout)
    underWay.push(probe)
    probe.begin(this.upstream, path, this.way.authority)
  }

  expire(now: number): void {
    const { underWay } = this
    for (let i = underWay.length - 1; i >= 0; i--) underWay[i].expire(now)
  }

  follow(options: ProbesOptions): void {
    this.options = options
    void this.upstream?.destroy()
    this.upstream = undefined
  }

  async stop(): Promise<void> {
    this.stopped = true
    await this.upstream?.destroy()
  }

  onFields(_probe: Probe, fields: readonly string[]): boolean {
    const { options, server } = this
    options.touch()
    return hear(options.balancer, server, fields)
  }

  onOutcome(probe: Probe, outcome: ProbeOutcome): void {
    if (this.stopped) return
    this.counts[outcome]++
    // Another strategy may have taken over that does not ask.
    if (outcome !== 'silent' || this.warned || !this.options.balancer.listens) return
    this.warned = true
    const { options, server } = this
    const { path } = options.settings
    options.warn(
      `server "${server.id}" says nothing of its load at ${path} (status ${probe.status}, no usable ` +
        `endpoint-load-metrics): ${options.balancer.strategy.name} chooses without its word`,
    )
  }

  onOver(probe: Probe): void {
    const { underWay } = this
    const at = underWay.indexOf(probe)
    if (at >= 0) underWay.splice(at, 1)
  }
}
