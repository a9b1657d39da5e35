import type { EventSpec, FailureSpec, Scenario, Those } from '../../../simulator/scenario.ts'
import { serverId } from '../../../simulator/server-id.ts'
import { singlesOf } from '../sentence/servers.ts'

/** What a server is at some time, as far as the scenario says so. */
export interface ServerNow {
  readonly id: string
  speed: number
  failing: number
  weight: number
  workers: number
  outage: 'refuse' | 'hang' | false
  admin: 'ready' | 'drain' | 'maint'
  gone: boolean
}

export interface StateNow {
  /** So many times as fast as `arrivals` says. */
  traffic: number
  readonly servers: ServerNow[]
}

/** What events up to that time have made of the scenario; what they do again and again is done once. */
export function stateAt(scenario: Scenario, time: number): StateNow {
  const servers = singlesOf(scenario).map(({ id, spec }): ServerNow => fresh(id, spec))
  const state: StateNow = { traffic: 1, servers }
  const past = (scenario.events ?? []).filter(({ at }) => at <= time)
  for (const event of past.toSorted((a, b) => a.at - b.at)) apply(state, event)
  return state
}

function fresh(id: string, spec: Scenario['servers'][number]): ServerNow {
  const { failure, speed = 1, weight = 1, workers = 1 } = spec
  const failing = failure?.rate ?? 0
  return { id, speed, failing, weight, workers, outage: false, admin: 'ready', gone: false }
}

function apply(state: StateNow, event: EventSpec): void {
  if ('traffic' in event) state.traffic = event.traffic
  else if ('add' in event) {
    for (let i = 0; i < (event.add.count ?? 1); i++) {
      state.servers.push(fresh(serverId(event.add, state.servers.length), event.add))
    }
  } else if ('remove' in event) each(state, event.remove, (server) => (server.gone = true))
  else if ('set' in event) {
    const { failure, speed } = event.set
    each(state, event.server, (server) => {
      if (speed !== undefined) server.speed = speed
      if (failure !== undefined) server.failing = failure.rate
    })
  } else if ('outage' in event)
    each(state, event.server, (server) => (server.outage = event.outage))
  else if ('operator' in event) {
    const { admin, weight } = event.operator
    each(state, event.server, (server) => {
      if (weight !== undefined) server.weight = weight
      if (admin !== undefined) server.admin = admin
    })
  }
}

function each({ servers }: StateNow, those: Those, change: (server: ServerNow) => void): void {
  const ids = typeof those === 'string' ? [those] : those
  for (const server of servers) if (ids.includes(server.id) || those === '*') change(server)
}

/** How it fails once it fails: as the scenario has it for this server, or slowly. */
export function failureOf(scenario: Scenario, id: string, rate: number): FailureSpec {
  const { failure } = singlesOf(scenario).find((each) => each.id === id)?.spec ?? {}
  return { ...failure, rate }
}

/** An event in words, without its time. */
export function eventInWords(event: EventSpec): string {
  if ('traffic' in event)
    return event.traffic === 1 ? 'traffic as before' : `traffic × ${event.traffic}`
  if ('add' in event) return `${event.add.id ?? 'another server'} comes`
  if ('remove' in event) return `${named(event.remove)} is taken away`
  if ('strategy' in event) return 'another strategy'
  if ('push' in event) return 'a new configuration'
  const who = named(event.server)
  if ('pause' in event) return `${who} stands still for ${event.pause / 1000} s`
  if ('restart' in event) return `${who} restarts, for ${event.restart / 1000} s`
  if ('outage' in event) {
    if (event.outage === false) return `${who} can be reached again`
    return event.outage === 'refuse' ? `${who} refuses connections` : `${who} hangs`
  }
  if ('set' in event) {
    const { failure, speed } = event.set
    const words = [
      ...(speed === undefined ? [] : [`speed × ${speed}`]),
      ...(failure === undefined ? [] : [`fails ${Number((failure.rate * 100).toFixed(2))} %`]),
    ]
    return `${who}: ${words.join(', ')}`
  }
  const { admin, max, weight } = event.operator
  const words = [
    ...(weight === undefined ? [] : [`weight ${weight}`]),
    ...(max === undefined ? [] : [`at most ${max} in flight`]),
    ...(admin === undefined ? [] : [{ ready: 'ready', drain: 'drains', maint: 'out' }[admin]]),
  ]
  return `${who}: ${words.join(', ')}`
}

function named(those: Those): string {
  if (those === '*') return 'all servers'
  return typeof those === 'string' ? those : those.join(', ')
}
