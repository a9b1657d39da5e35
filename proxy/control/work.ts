import type { Endpoint } from '../core/endpoint.ts'
import type { Series } from '../core/series.ts'
import type { Tally } from '../core/tally.ts'
import type { Counters } from '../http/counters.ts'

/** What a server has to do and has done, as far as it tells when a drain will have ended. */
export interface Work {
  /** What the attempts came to since the beginning. */
  readonly attempts: Tally
  /** How many of those in flight are tunnels. */
  readonly tunnels: number
  /** How long they may stay, in milliseconds. */
  readonly tunnelDrain: number
}

export function workOf(
  server: Endpoint,
  { counters, series }: { readonly counters: Counters; readonly series: Series },
  { tunnelDrain }: { readonly tunnelDrain: number },
): Work {
  const tunnels = counters.tunnels.of(server).open
  return { attempts: series.attemptsOf(server), tunnels, tunnelDrain }
}
