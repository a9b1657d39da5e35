import type { Endpoint } from '../core/endpoint.ts'
import type { Steered } from './steered.ts'

/** How often to look whether the last request has ended, in milliseconds. */
const LOOK = 50

export interface DrainView {
  inFlight: number
  /** Of those. */
  tunnels: number
  /**
   * In how many milliseconds the last of them will probably have ended, by how long answers of this server take: of n requests the
   * longest takes about as long as the quantile n/(n + 1). Tunnels end when they like, but are cut at a time that is known: with tunnels it is
   * that time. Null while it has never answered.
   */
  probablyEndsIn: number | null
}

/** `since`: for how long it has been told to get no more requests, in milliseconds. */
export async function drainOf(
  steered: Pick<Steered, 'workAt'>,
  server: Endpoint,
  since: number,
): Promise<DrainView> {
  const { attempts, tunnelDrain, tunnels } = await steered.workAt(server)
  const { latency } = attempts
  const inFlight = server.inflight
  if (inFlight === 0) return { inFlight, tunnels: 0, probablyEndsIn: 0 }
  if (tunnels > 0) {
    return { inFlight, tunnels, probablyEndsIn: Math.ceil(Math.max(0, tunnelDrain - since)) }
  }
  const longest = latency.count === 0 ? null : latency.quantile(inFlight / (inFlight + 1))
  return { inFlight, tunnels, probablyEndsIn: longest === null ? null : Math.ceil(longest) }
}

/** Resolves when it has nothing in flight, after so many milliseconds, when it gets requests again, or when nobody waits any more. */
export function drained(server: Endpoint, patience: number, gone: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const deadline = performance.now() + patience
  const look = setInterval(() => {
    const busy = server.inflight > 0 && server.admin !== 'ready'
    if (busy && performance.now() < deadline && !gone.aborted) return
    clearInterval(look)
    resolve()
  }, LOOK)
  look.unref()
  return promise
}
