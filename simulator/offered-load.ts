import type { TraceSpec } from './arrivals/trace.ts'
import { expectedBy } from './arrivals.ts'
import { moments } from './distributions.ts'
import type { Scenario, ServerSpec } from './scenario.ts'
import { meanWork } from './work.ts'

/**
 * The share of what the servers can do that arrives on average, by formula: rho. From 1 on queues grow as long as they may. `undefined` where
 * nothing can be said so: closed users ask for no more than they get, and servers of discipline `infinite` never fill up.
 *
 * It goes by the servers and speeds of the beginning, and knows neither failures and retries nor caches and events.
 */
export function offeredLoad(scenario: Scenario): number | undefined {
  const { arrivals, duration, servers, work } = scenario
  if (arrivals.type === 'closed' || servers.some(({ discipline }) => discipline === 'infinite')) {
    return undefined
  }
  let capacity = 0
  for (const server of servers) capacity += capacityOf(server)
  if (capacity === 0) return Infinity
  const end = duration < Infinity ? duration : arrivals.type === 'trace' ? lastOf(arrivals) : 0
  const rate = expectedBy(arrivals, end) / end
  return (rate * meanWork(work)) / capacity
}

/** How long a request takes in a worker on average, in milliseconds, if all workers are as busy. */
export function meanService({ servers, work }: Scenario): number {
  let capacity = 0
  let places = 0
  for (const server of servers) {
    const { count = 1, workers = 1 } = server
    capacity += capacityOf(server)
    places += count * workers
  }
  return (meanWork(work) * places) / capacity
}

/** Whether queues find a level: not where more arrives than can be served, and nothing keeps it out. */
export function settles(scenario: Scenario, load = offeredLoad(scenario)): boolean {
  if (load === undefined || load < 1) return true
  const { policy, servers } = scenario
  // Whoever is turned away, or gives up, leaves room for others.
  if (policy?.timeout !== undefined || policy?.total !== undefined) return true
  return servers.every(
    ({ max, queue }) => (queue ?? Infinity) < Infinity || (max ?? Infinity) < Infinity,
  )
}

/** Work a millisecond. */
function capacityOf({ antagonist, count = 1, speed = 1, workers = 1 }: ServerSpec): number {
  let factor = 1
  if (antagonist !== undefined) {
    const on = moments(antagonist.on).mean
    const off = moments(antagonist.off).mean
    factor = (antagonist.speed * on + off) / (on + off)
  }
  return count * workers * speed * factor
}

function lastOf({ speed = 1, times }: TraceSpec): number {
  return times.length === 0 ? 0 : times[times.length - 1] / speed
}
