import { Balancer } from '../../proxy/core/balancer.ts'
import { Clock } from '../../proxy/core/clock.ts'
import { Endpoint } from '../../proxy/core/endpoint.ts'
import { Rng } from '../../proxy/core/rng.ts'
import type { StrategyFactory } from '../../proxy/core/strategy.ts'
import { PickWorld } from './pick-world.ts'

/** How well the picks are spread. */
export interface Balance {
  /** The most requests in flight to one server against the mean, on average over time: 1 is even. */
  busiest: number
  /** The most picks that one server got against its due: 1 is even. */
  share: number
}

/** What becomes of the keys when one server of n leaves, as parts of all keys. */
export interface Moves {
  moved: number
  /** The part that had to move: those of the server that left. On average 1/n, whatever the strategy. */
  due: number
}

/** Requests in flight for each server. */
const BUSY = 4
/** What a request takes, in milliseconds, on average. */
const SERVICE = 100
/** Requests for each server: half of them to warm up, since what is known of latency at first is only the quickest of it. */
const REQUESTS = 1000
const KEYS = 50_000

/**
 * Equal servers without queues and exponential service times. So many requests are in flight at all times: when one ends, and
 * each is as likely as any other to be the next, another one begins.
 */
export function balance(strategy: StrategyFactory, count: number): Balance {
  const clock = new Clock(1)
  const dice = new Rng(1)
  const asked: Endpoint[] = []
  const ask = (server: Endpoint): void => void asked.push(server)
  const remainingWork = (server: Endpoint): number => server.inflight * SERVICE
  const options = { clock, rng: dice.fork('balancer'), strategy, ask, remainingWork }
  const balancer = new Balancer(options)
  for (let i = 0; i < count; i++) balancer.add(new Endpoint(`10.0.${i >> 8}.${i & 255}:80`))
  const { servers } = balancer
  const members = new Set(servers)
  const requests: { server: Endpoint; start: number }[] = []
  let sum = 0
  let samples = 0
  const before = { picks: new Float64Array(count), due: new Float64Array(count) }
  for (let i = 0; i < REQUESTS * count; i++) {
    if (i === (REQUESTS / 2) * count) {
      balancer.tick()
      before.picks = Float64Array.from(servers, (each) => balancer.picksOf(each))
      before.due = Float64Array.from(servers, (each) => balancer.dueOf(each))
    }
    // What was asked for has been answered by the next request.
    for (const server of asked.splice(0)) balancer.heard(server, reportOf(server))
    clock.now += SERVICE / (BUSY * count)
    if (requests.length === BUSY * count) {
      const end = dice.int(requests.length)
      const { server, start } = requests[end]
      requests[end] = requests.at(-1)!
      requests.pop()
      balancer.release(server, clock.now - start, 'ok')
    }
    const server = balancer.acquire(dice.next(), 0)
    if (server === undefined || !members.has(server)) throw foreign(server)
    requests.push({ server, start: clock.now })
    if (i < (REQUESTS / 2) * count || i % count !== 0) continue
    sum += mostOf(servers.map(({ inflight }) => inflight)) / BUSY
    samples++
  }
  balancer.tick()
  const shares = servers.map((each, i) => {
    return (balancer.picksOf(each) - before.picks[i]) / (balancer.dueOf(each) - before.due[i])
  })
  return { busiest: sum / samples, share: mostOf(shares) }
}

/** Undefined for a strategy that does not look at keys. Nothing is in flight, so a key is where it belongs. */
export function moves(factory: StrategyFactory, count: number): Moves | undefined {
  if (factory.keyed !== true) return undefined
  const { servers, strategy } = new PickWorld(factory, count, 0)
  for (const server of servers) server.weight = 1
  strategy.update(servers)
  const left = servers[count >> 1]
  const members = new Set(servers)
  const keys = new Rng(2)
  const before = Array.from({ length: KEYS }, () => {
    const key = keys.next()
    const server = strategy.pick(key, 0)
    if (!members.has(server)) throw foreign(server)
    return { key, server }
  })
  members.delete(left)
  strategy.update([...members])
  let moved = 0
  let due = 0
  for (const { key, server } of before) {
    const after = strategy.pick(key, 0)
    if (!members.has(after)) throw foreign(after)
    if (after !== server) moved++
    if (server === left) due++
  }
  return { moved: moved / KEYS, due: due / KEYS }
}

function reportOf({ inflight }: Endpoint): Parameters<Balancer['heard']>[1] {
  const utilization = inflight / (2 * BUSY)
  return { inflight, latency: SERVICE, utilization, rate: (BUSY * 1000) / SERVICE, errorRate: 0 }
}

function foreign(server: Endpoint | undefined): Error {
  return new Error(`picked ${server?.id ?? 'nobody'}, who is not one of the servers`)
}

function mostOf(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), -Infinity)
}
