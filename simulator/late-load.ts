import { offeredLoad, settles } from './offered-load.ts'
import type { Scenario, ServerSpec, Those } from './scenario.ts'
import { serverId } from './server-id.ts'

export interface LateLoad {
  /** When the last event came that changed servers or traffic. */
  readonly since: number
  readonly load: number
  /** Whether queues find a level all the same, as where some are turned away. */
  readonly settles: boolean
}

/**
 * The load that is offered after the last event that adds or removes servers, sets their speed or changes the traffic: `offeredLoad` knows the beginning alone.
 * `undefined` where there is no such event, where one comes again and again, or where there is no load to be told.
 */
export function lateLoad(scenario: Scenario): LateLoad | undefined {
  const { events = [], servers } = scenario
  const changes = events
    .filter((event) => ['add', 'remove', 'set', 'traffic'].some((key) => key in event))
    .filter((event) => !('set' in event) || event.set.speed !== undefined)
    .toSorted((a, b) => a.at - b.at)
  if (changes.length === 0 || changes.some(({ every }) => every !== undefined)) return undefined
  const pool = new Map<string, ServerSpec>()
  let traffic = 1
  let index = 0
  const add = (spec: ServerSpec): void => {
    for (let i = 0; i < (spec.count ?? 1); i++)
      pool.set(serverId(spec, index++), { ...spec, count: 1 })
  }
  servers.forEach(add)
  for (const change of changes) {
    if ('add' in change) add(change.add)
    else if ('traffic' in change) ({ traffic } = change)
    else {
      const those = 'remove' in change ? change.remove : (change as { server: Those }).server
      const named = typeof those === 'string' ? [those] : those
      for (const id of named.includes('*') ? [...pool.keys()] : named) {
        const spec = pool.get(id)
        if (spec === undefined) continue
        if ('set' in change) pool.set(id, { ...spec, ...change.set })
        else pool.delete(id)
      }
    }
  }
  const left = { ...scenario, servers: [...pool.values()] }
  const before = offeredLoad(left)
  if (before === undefined) return undefined
  const load = before * traffic
  return { since: changes.at(-1)!.at, load, settles: settles(left, load) }
}
