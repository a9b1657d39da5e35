import type { Scenario, ServerSpec } from '../../../simulator/scenario.ts'
import { serverId } from '../../../simulator/server-id.ts'
import { altered, without } from './part.ts'

/** A server by itself: with the id that it has among the others. */
export interface Single {
  readonly id: string
  readonly spec: ServerSpec
}

/** One entry a server, whatever stood for many. */
export function singlesOf({ servers }: Scenario): Single[] {
  const found: Single[] = []
  for (const spec of servers) {
    const { count = 1, ...rest } = spec
    for (let i = 0; i < count; i++) {
      const id = serverId(spec, found.length)
      // Those that are numbered by their place need no name of their own.
      found.push({ id, spec: rest.id === undefined ? rest : { ...rest, id } })
    }
  }
  return found
}

/** The scenario with these servers; neighbours that are alike stand in it as one. */
export function withServers(scenario: Scenario, singles: readonly ServerSpec[]): Scenario {
  const servers: ServerSpec[] = []
  let before = ''
  for (const each of singles) {
    const spec = without(each)
    const text = JSON.stringify(spec)
    const last = servers.at(-1)
    if (last !== undefined && text === before && spec.id === undefined) {
      servers[servers.length - 1] = { ...spec, count: (last.count ?? 1) + 1 }
    } else servers.push(spec)
    before = text
  }
  return tidied(altered(scenario, { servers }))
}

/** That many servers: more of the kind of the last but one, the odd one stays at the end. */
export function withCount(scenario: Scenario, count: number): Scenario {
  const singles = singlesOf(scenario).map(({ spec }) => spec)
  const last = singles[singles.length - 1]
  const model = singles[singles.length - 2] ?? last
  const rest = singles.slice(0, -1)
  while (rest.length + 1 > count) rest.pop()
  while (rest.length + 1 < count) rest.push(named(model, rest))
  const names = rest.map(({ id }) => id)
  const end = last.id === undefined || !names.includes(last.id) ? last : named(last, rest)
  return withServers(scenario, [...rest, end])
}

function named(model: ServerSpec, others: readonly ServerSpec[]): ServerSpec {
  if (model.id === undefined) return model
  const stem = model.id.replace(/\d+$/, '')
  const taken = new Set(others.map(({ id }) => id))
  let number = others.length + 1
  while (taken.has(`${stem}${number}`)) number++
  return { ...model, id: `${stem}${number}` }
}

/** All servers changed alike. */
export function withEach(
  scenario: Scenario,
  change: (spec: ServerSpec, index: number, count: number) => ServerSpec,
): Scenario {
  const singles = singlesOf(scenario)
  return withServers(
    scenario,
    singles.map(({ spec }, index) => change(spec, index, singles.length)),
  )
}

/** Without what cannot be any more: events after the end, or of servers that there are not; a warm-up that leaves nothing. */
export function tidied(scenario: Scenario): Scenario {
  const { duration, events, warmup } = scenario
  const ids = new Set(singlesOf(scenario).map(({ id }) => id))
  let index = ids.size
  for (const event of events ?? []) {
    if (!('add' in event)) continue
    for (let i = 0; i < (event.add.count ?? 1); i++) ids.add(serverId(event.add, index++))
  }
  const known = (those: string | readonly string[]): boolean =>
    (typeof those === 'string' ? [those] : those).every((id) => id === '*' || ids.has(id))
  const kept = events?.filter(
    (event) =>
      event.at < duration &&
      (!('server' in event) || known(event.server)) &&
      (!('remove' in event) || known(event.remove)),
  )
  return altered(scenario, {
    events: kept === undefined || kept.length === 0 ? undefined : kept,
    warmup: warmup !== undefined && warmup >= duration ? 0 : warmup,
  })
}
