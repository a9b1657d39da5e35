import { didYouMean } from '../../proxy/core/did-you-mean.ts'
import { type Path, type Problem, show } from '../../proxy/core/problems.ts'
import type { Scenario, ServerSpec, Those } from '../scenario.ts'
import { serverId } from '../server-id.ts'
import type { Findings } from './findings.ts'
import { MOST_SERVERS } from './servers.ts'
import { goesByKey } from './strategy.ts'

/** Servers, each once for each proxy that knows it. */
const MOST_KNOWN = 1_000_000

/** What is wrong though each part is right by itself. */
export function checkWhole(scenario: Scenario, findings: Findings): void {
  const { arrivals, duration, warmup = 0 } = scenario
  if (warmup >= duration)
    findings.add(['warmup'], `must be below duration (${duration}), got ${warmup}`)
  const ends = arrivals.type === 'trace' || (arrivals.type === 'steps' && arrivals.repeat !== true)
  if (duration === Infinity && !ends)
    findings.add(
      ['duration'],
      'must be finite unless requests end by themselves, as those of a trace do',
    )
  const ids = idsOf(scenario, findings)
  if (ids === undefined) return
  scenario.events?.forEach((event, index) => {
    const path = ['events', index]
    if (event.at >= duration)
      findings.add([...path, 'at'], `must be below duration (${duration}), got ${event.at}`)
    if ('server' in event) checkThose(event.server, ids, [...path, 'server'], findings)
    if ('remove' in event) checkThose(event.remove, ids, [...path, 'remove'], findings)
  })
}

/** What is allowed, but hardly meant. */
export function doubts({ events = [], keys, servers, strategy }: Scenario): Problem[] {
  const found: Problem[] = []
  if (keys !== undefined) return found
  const needs = 'without keys: each request has a key of its own, so no key comes twice'
  if (goesByKey(strategy) === true)
    found.push({ path: ['strategy'], text: `goes by key, ${needs}` })
  events.forEach((event, index) => {
    if ('strategy' in event && goesByKey(event.strategy) === true)
      found.push({ path: ['events', index, 'strategy'], text: `goes by key, ${needs}` })
  })
  servers.forEach(({ cache }, index) => {
    if (cache !== undefined)
      found.push({ path: ['servers', index, 'cache'], text: `is of no use ${needs}` })
  })
  return found
}

interface Arrival {
  readonly at: number
  readonly spec: ServerSpec
  readonly path: Path
}

/** The ids of all servers that there ever are; undefined if there are too many. */
function idsOf(scenario: Scenario, findings: Findings): Set<string> | undefined {
  const { proxies = 1 } = scenario
  const most = Math.min(MOST_SERVERS, Math.floor(MOST_KNOWN / proxies))
  const arrivals = comingOf(scenario, most)
  let total = 0
  for (const { spec } of arrivals) total += spec.count ?? 1
  if (total > most) {
    const text = `must be at most ${most} for ${proxies} ${proxies === 1 ? 'proxy' : 'proxies'}, those added counted too, got ${total}`
    findings.add(['servers'], total === Infinity ? text.replace('Infinity', 'more') : text)
    return undefined
  }
  const known = new Set<string>()
  const told = new Set<ServerSpec>()
  let index = 0
  for (const { path, spec } of arrivals) {
    for (let i = 0; i < (spec.count ?? 1); i++) {
      const id = serverId(spec, index++)
      if (known.has(id) && !told.has(spec)) {
        findings.add([...path, 'id'], `must be unique, got ${show(id)} a second time`)
        told.add(spec) // Once, however often it comes.
      }
      known.add(id)
    }
  }
  return known
}

/** Who comes, in order of time. Ends early when there are more than `most`. */
function comingOf({ duration, events = [], servers }: Scenario, most: number): Arrival[] {
  const coming: Arrival[] = servers.map((spec, i) => ({ at: -1, spec, path: ['servers', i] }))
  events.forEach((event, i) => {
    if (!('add' in event)) return
    const { add: spec, at, every = Infinity } = event
    for (let time = at, n = 0; time < duration && n <= most; time += every, n++)
      coming.push({ at: time, spec, path: ['events', i, 'add'] })
  })
  return coming.sort((a, b) => a.at - b.at)
}

function checkThose(those: Those, known: Set<string>, path: Path, findings: Findings): void {
  const ids = typeof those === 'string' ? [those] : those
  ids.forEach((id, index) => {
    if (id === '*' || known.has(id)) return
    // Of thousands the first few will do for a hint.
    const meant = didYouMean(id, [...known].slice(0, 100))
    const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`
    const at = typeof those === 'string' ? path : [...path, index]
    findings.add(at, `must be the id of a server, got ${show(id)}${hint}`)
  })
}
