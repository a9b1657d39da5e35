import { Balancer } from '../../proxy/core/balancer.ts'
import { Clock } from '../../proxy/core/clock.ts'
import { Endpoint } from '../../proxy/core/endpoint.ts'
import type { Report } from '../../proxy/core/report.ts'
import { Rng } from '../../proxy/core/rng.ts'
import type { StrategyFactory } from '../../proxy/core/strategy.ts'
import { bytesEach, countable } from './allocation.ts'
import { found } from './finding.ts'
import type { Law } from './law.ts'

/** How long to go on, in milliseconds of this process's own, for the engine to have compiled the code. */
const PATIENCE = 5000
/** So many bytes a pick are no accident of the engine's. */
const OBVIOUS = 8
/** The smallest thing there is, a boxed number, takes 12 bytes; one failure in eight that boxes one shows too. */
const MOST = 1.5

/** Bytes that are allocated, on average, for each. */
export interface Allocations {
  readonly pick: number
  /** A request through the balancer, one in eight of which fails. */
  readonly serve: number
  /** A request that is tried twice. */
  readonly retry: number
  /** One small object: if this is not seen, nothing is. */
  readonly control: number
}

/**
 * No garbage. Ask in a process of its own, so that the compiler sees only one strategy; best with `--expose-gc`. So it is
 * none of the laws that `judge` goes through by itself.
 */
export const silence: Law = {
  id: 'silence',
  title: 'allocates nothing for a pick, nor the balancer for a request or a retry',
  why: 'What is allocated for each request is collected while others wait: it shows in p99.',
  concerns: () => countable,
  check: ({ factory }) => judgeAllocations(allocations(factory)),
}

/** Throws a `Finding` if there are any. */
export function judgeAllocations({ control, pick, retry, serve }: Allocations): void {
  if (control < 8) found('what an object takes could not be measured')
  const loud = Object.entries({ pick, request: serve, retry }).filter(([, bytes]) => bytes > MOST)
  if (loud.length === 0) return
  found(loud.map(([what, bytes]) => `a ${what} allocates ${bytes.toFixed(1)} bytes`).join(', '))
}

/** Who was asked how it is: the first `count`. */
interface Asked {
  count: number
  readonly servers: Endpoint[]
}

/** What servers say, made before: only listening is measured. */
const REPORTS: readonly Report[] = [0, 1, 2, 3].map((inflight) => ({
  inflight,
  latency: 10.5 + inflight,
  utilization: 0.25 * inflight,
  rate: 50.5,
  errorRate: 0,
}))

/** `most`: how long to go on with each of what is measured, in milliseconds. */
export function allocations(strategy: StrategyFactory, most = PATIENCE): Allocations {
  const clock = new Clock(1)
  let key = 0
  const remainingWork = (server: Endpoint): number => 10 * server.inflight
  const asked: Asked = { count: 0, servers: [] }
  const ask = (server: Endpoint): void => {
    // In places that there are: a list that grows is a longer list.
    if (asked.count < asked.servers.length) asked.servers[asked.count++] = server
  }
  const balancer = new Balancer({ clock, rng: new Rng(1), strategy, remainingWork, ask })
  for (let i = 0; i < 16; i++) {
    // Every other one has a limit, which is looked at and never reached: making the set anew may allocate.
    balancer.add(new Endpoint(`s${i}`, { weight: 1 + (i % 3), max: i % 2 === 0 ? Infinity : 4 }))
  }
  asked.servers.push(...balancer.servers)
  balancer.tick()
  /** Whoever was asked says how it is. */
  const answer = (): void => {
    while (asked.count > 0) balancer.heard(asked.servers[--asked.count], REPORTS[key & 3])
  }

  /** Another key each time, and now and then another time: that is the world's doing, and costs a boxed number. */
  const turn = (): void => {
    key = (key + 1) | 0
    if ((key & 255) === 0) clock.now += 2.5
  }
  const pick = (): void => {
    turn()
    balancer.strategy.pick(key, 0)
    asked.count = 0
  }
  const serve = (): void => {
    turn()
    const server = balancer.acquire(key, 0)!
    balancer.release(server, key & 255, (key & 7) === 0 ? 'error' : 'ok')
    answer()
  }
  /** One list for all, as what matters is the balancer's part. */
  const tried: [Endpoint] = [balancer.servers[0]]
  const retry = (): void => {
    turn()
    const first = balancer.acquire(key, 0)!
    balancer.release(first, key & 255, 'error')
    tried[0] = first
    const second = balancer.acquire(key, 1, tried)!
    balancer.release(second, key & 255, 'ok')
    answer()
  }
  let kept: object = {}
  const allocate = (): void => {
    kept = { kept }
    if (key++ % 2 === 0) kept = {}
  }
  const picking = bytesEach(pick, most)
  // Whoever allocates in a pick, however long one waits, does so in a request too.
  const patience = picking < OBVIOUS ? most : 0
  return {
    pick: picking,
    serve: bytesEach(serve, patience),
    retry: bytesEach(retry, patience),
    control: bytesEach(allocate, 0),
  }
}
