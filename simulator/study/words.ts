import { offeredLoad } from '../offered-load.ts'
import type { Scenario } from '../scenario.ts'
import { isMapping } from '../../proxy/core/problems.ts'
import { plural } from '../format.ts'

/** A scenario in a few words each: servers, arrivals, work, load. */
export function wordsOf(scenario: Scenario): string[] {
  const { arrivals, events = [], proxies = 1, servers, work } = scenario
  const many = servers.reduce((sum, { count = 1 }) => sum + count, 0)
  const load = offeredLoad(scenario)
  return [
    plural(many, 'server'),
    ...(proxies > 1 ? [plural(proxies, 'proxy', 'proxies')] : []),
    `arrivals ${fields(arrivals)}`,
    `work ${fields(work)}`,
    ...(events.length > 0 ? [plural(events.length, 'event')] : []),
    ...(load === undefined ? [] : [`load ${load === Infinity ? '∞' : load.toFixed(2)}`]),
  ]
}

/** `poisson, rate 100`. */
export function wordsOfArrivals(arrivals: Scenario['arrivals']): string {
  return fields(arrivals)
}

/** `exponential, mean 10`; long lists are counted. */
function fields({ type, ...rest }: { readonly type: string }): string {
  const words = Object.entries(rest).map(([key, value]: [string, unknown]) =>
    Array.isArray(value) || ArrayBuffer.isView(value)
      ? plural((value as ArrayLike<unknown>).length, key.replace(/s$/, ''))
      : `${key} ${told(value)}`,
  )
  return [type, ...words].join(', ')
}

function told(value: unknown): string {
  if (isMapping(value)) return `(${fields(value as { type: string })})`
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Milliseconds as seconds where that is shorter: `500 ms`, `60 s`. */
export function spanOf(milliseconds: number): string {
  if (milliseconds >= 1000) return `${Number((milliseconds / 1000).toFixed(3))} s`
  return `${Number(milliseconds.toFixed(3))} ms`
}
