/** All servers of a scenario in one process, on the loopback. Told what to do over its channel, with whose end it ends. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { serverId } from '../../simulator/server-id.ts'
import { type StationFigures, figuresOf } from '../../simulator/station-figures.ts'
import { Door } from './door.ts'
import type { Station } from '../../simulator/station.ts'
import { type ServersOfScenario, Stations } from './stations.ts'

/** What it is told: whose servers it is, when time 0 is by `monotonic`, and at last how it was, up to then. */
export type Order = { begin: ServersOfScenario } | { go: number } | { tell: number }

/** What it answers: where the servers are; that it will; what has become of them, and how late its loop was, in milliseconds. */
export interface Listening {
  readonly servers: readonly { readonly id: string; readonly url: string }[]
}
export interface Told {
  readonly stations: readonly StationFigures[]
  readonly lag: { readonly p50: number; readonly p99: number; readonly max: number }
}

/** How often it is looked how late the loop is, in milliseconds. */
const RESOLUTION = 10

const doors = new Map<string, Door>()
const delay = monitorEventLoopDelay({ resolution: RESOLUTION })
let stations: Stations | undefined

process.on('message', (order: Order) => {
  if ('begin' in order) void begin(order.begin)
  else if ('go' in order) {
    delay.enable()
    stations!.go(order.go)
    process.send!({ going: true })
  } else process.send!(tell(order.tell))
})
process.on('disconnect', () => process.exit(0))
// Ctrl-C on a terminal reaches all of its programs: whoever started us is asked as well, and tells us when to end.
process.on('SIGINT', () => {})

async function begin(scenario: ServersOfScenario): Promise<void> {
  const places = new Map<string, Station>()
  const world = new Stations(scenario, {
    answer: (visit) => doors.get(visit.station.id)!.answer(visit),
    follow: (station) => doors.get(station.id)!.follow(station),
    added: (station) => void places.set(station.id, station),
  })
  stations = world
  for (const id of idsOf(scenario)) doors.set(id, new Door(id, world, () => places.get(id)))
  const servers = []
  for (const [id, door] of doors) servers.push({ id, url: await door.listen() })
  process.send!({ servers } satisfies Listening)
}

/** Also of those that come later, in the order in which they will. */
function idsOf({ events, servers }: ServersOfScenario): string[] {
  const later = events
    .flatMap((event) => ('add' in event ? [event] : []))
    .sort((a, b) => a.at - b.at)
    .map(({ add }) => add)
  const ids: string[] = []
  for (const spec of [...servers, ...later]) {
    for (let i = 0; i < (spec.count ?? 1); i++) ids.push(serverId(spec, ids.length))
  }
  return ids
}

function tell(end: number): Told {
  const { scenario, stations: all } = stations!
  stations!.catchUp()
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION)
  return {
    stations: all.map((station) => figuresOf(station, scenario.warmup, end)),
    lag: {
      p50: late(delay.percentile(50)),
      p99: late(delay.percentile(99)),
      max: late(delay.max),
    },
  }
}
