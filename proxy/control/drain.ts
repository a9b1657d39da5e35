import type { Endpoint } from '../core/endpoint.ts'
import type { Steered } from './steered.ts'

/** How often to look whether the last request has ended, in milliseconds. */
const LOOK = 50

export interface DrainView {
  inFlight: number
  /**
   * In how many milliseconds the last of them will probably have ended, by how long answers of this server take: of n requests the
   * longest takes about as long as the quantile n/(n + 1). Null while it has never answered.
   */
  probablyEndsIn: number | null
}

export async function drainOf(steered: Steered, server: Endpoint): Promise<DrainView> {
  const { latency } = await steered.attemptsAt(server)
  const inFlight = server.inflight
  if (inFlight === 0) return { inFlight, probablyEndsIn: 0 }
  const longest = latency.count === 0 ? null : latency.quantile(inFlight / (inFlight + 1))
  return { inFlight, probablyEndsIn: longest === null ? null : Math.ceil(longest) }
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
