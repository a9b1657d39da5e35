import { isDeepStrictEqual } from 'node:util'
import type { ServerChange } from './server-changes.ts'
import type { Settings } from './settings.ts'

/** What changes while the proxy runs, beside servers and strategy. Everything else needs a restart: its sockets, threads and dice are made once. */
const LIVE = [
  'names',
  'dns',
  'health',
  'slowStart',
  'ejection',
  'panic',
  'queue',
  'probes',
  'timeouts',
  'retries',
  'hedging',
  'limits',
  'accessLog',
  'stats',
  'trustedProxies',
  'affinity',
  'stickiness',
] as const satisfies (keyof Settings)[]

/** Told by themselves. */
const APART: readonly string[] = ['servers', 'strategy']

/** The counts of connections are as large as these are when the proxy starts. */
const CAPS = ['connections', 'connectionsPerAddress'] as const

type Limits = Settings['limits']

/** The caps among the limits, and the others. */
function divided(limits: Limits): [caps: Partial<Limits>, others: Partial<Limits>] {
  const others: Partial<Limits> = { ...limits }
  for (const cap of CAPS) delete others[cap]
  const caps = Object.fromEntries(CAPS.map((cap) => [cap, limits[cap]]))
  return [caps, others]
}

export interface ChangedNames {
  /** What holds from now on. */
  readonly live: readonly string[]
  /** What does not before the next start. */
  readonly restart: readonly string[]
}

export function changedNames(before: Settings, now: Settings): ChangedNames {
  const all = new Set([...Object.keys(before), ...Object.keys(now)])
  const [caps, limits] = divided(before.limits)
  const [newCaps, newLimits] = divided(now.limits)
  const changed = [...all].filter((key) => {
    const name = key as keyof Settings
    if (name === 'limits') return !isDeepStrictEqual(limits, newLimits)
    return !APART.includes(key) && !isDeepStrictEqual(before[name], now[name])
  })
  const fixed = isDeepStrictEqual(caps, newCaps) ? [] : ['limits.connections']
  return {
    live: changed.filter((key) => isLive(key)),
    restart: [...changed.filter((key) => !isLive(key)), ...fixed],
  }
}

/** The new settings, but for what needs a restart: that is as before. */
export function merged(before: Settings, now: Settings): Settings {
  const live = Object.fromEntries(LIVE.map((name) => [name, now[name]]))
  const { servers, strategy } = now
  const [caps] = divided(before.limits)
  const limits = { ...divided(now.limits)[1], ...caps } as Limits
  return { ...before, ...live, limits, servers, strategy }
}

/** What has come of a file, in lines. */
export function tellChanges(
  { live, restart }: ChangedNames,
  servers: readonly ServerChange[],
  say: (message: string) => void,
): void {
  if (live.length > 0) say(`changed: ${live.join(', ')}`)
  if (servers.length > 0) say(`servers: ${wordsOf(servers)}`)
  if (restart.length === 0) return
  const verb = restart.length === 1 ? 'has' : 'have'
  say(`${restart.join(', ')} ${verb} changed: that needs a restart`)
}

/** `added c; changed a, b; removed d`. One that moved is removed and added. */
function wordsOf(changes: readonly ServerChange[]): string {
  const words = { add: 'added', steer: 'changed', remove: 'removed' }
  const parts = Object.entries(words).map(([type, word]) => {
    const ids = changes
      .filter((change) => change.type === type)
      .map((change) => (change.type === 'add' ? change.server.id : change.id))
    return ids.length === 0 ? [] : `${word} ${ids.join(', ')}`
  })
  return parts.flat().join('; ')
}

function isLive(name: string): boolean {
  return (LIVE as readonly string[]).includes(name)
}
