import { Rng } from '../../proxy/core/rng.ts'
import type { PolicySpec } from '../policy.ts'
import type { EventSpec, Scenario, ServerSpec } from '../scenario.ts'
import type { Book } from './book.ts'
import type { Estimate, EstimatedServer } from './estimate.ts'

/** What a log does not say of a server. */
export interface ServerFacts {
  readonly weight?: number
  readonly max?: number
  readonly backup?: boolean
}

/** The world that a log was written in, as far as it is known. */
export interface World {
  readonly estimate: Estimate
  readonly policy: PolicySpec
  /** By id. */
  readonly facts: ReadonlyMap<string, ServerFacts>
}

export interface RebuildOptions {
  readonly seed: number
  /** Requests that came before are played, and not counted. */
  readonly warmup?: number
  /** How many times as many requests. Default 1. */
  readonly rate?: number
  /** Every request draws its work anew from all that are known, in place of having its own. */
  readonly redraw?: boolean
  /** In place of those that were found. */
  readonly servers?: readonly ServerSpec[]
  readonly events?: readonly EventSpec[]
}

/** The servers of a world, as a scenario has them: in the order of the configuration, which some strategies go by, or else of their ids. */
export function serversOf({ estimate, facts }: World): ServerSpec[] {
  const listed = [...facts.keys()]
  const place = (id: string): number => (listed.includes(id) ? listed.indexOf(id) : listed.length)
  return inOrder(estimate.servers, place).map((server) => ({
    ...specOf(server),
    ...facts.get(server.id),
  }))
}

/** By `place`, and where that is the same s2 before s10. */
export function inOrder<Of extends { readonly id: string }>(
  servers: readonly Of[],
  place: (id: string) => number = () => 0,
): Of[] {
  return servers.toSorted(
    (a, b) =>
      place(a.id) - place(b.id) ||
      a.id.length - b.id.length ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  )
}

function specOf({ discipline, failure, id, speed, workers }: EstimatedServer): ServerSpec {
  const manner: Partial<ServerSpec> =
    workers === Infinity ? { discipline: 'infinite' } : { discipline, workers }
  return { id, speed, ...manner, ...(failure !== undefined && { failure }) }
}

/** The log's own arrivals and keys, in front of servers as they were estimated. */
export function rebuild(book: Book, world: World, options: RebuildOptions): Scenario {
  const { estimate, policy } = world
  const { events = outageEvents(estimate), rate = 1, redraw = false, seed, warmup = 0 } = options
  const { servers = serversOf(world) } = options
  const { keys, times } = book
  const ids = new Set(servers.map(({ id }) => id))
  return {
    name: 'log',
    seed,
    duration: times[times.length - 1] / rate + 1e-3,
    warmup: warmup / rate,
    arrivals: { type: 'trace', times, speed: rate },
    work: { type: 'recorded', values: worksOf(estimate, seed, redraw) },
    ...(keys !== undefined && { keys: { type: 'hashes', hashes: keys } }),
    servers,
    strategy: 'round_robin', // Whoever runs it has one of his own.
    policy,
    events: events
      .filter((each) => !('server' in each) || ids.has(each.server as string))
      .map((each) => ({ ...each, at: each.at / rate })),
  }
}

/** Servers that took no connections do not in the copy either. */
function outageEvents({ servers }: Estimate): EventSpec[] {
  return servers.flatMap(({ id, outages }) =>
    outages.flatMap(({ from, to }): EventSpec[] => [
      { at: from, server: id, outage: 'refuse' },
      { at: to, server: id, outage: false },
    ]),
  )
}

/** A request whose work is not known has that of another. */
function worksOf({ work, works }: Estimate, seed: number, redraw: boolean): Float64Array {
  const rng = new Rng(seed).fork('works of a log')
  return work.map((own) => {
    const drawn = works[rng.int(works.length)]
    return redraw || Number.isNaN(own) ? drawn : own
  })
}
