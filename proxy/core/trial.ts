import { Balancer } from './balancer.ts'
import { Clock } from './clock.ts'
import { Endpoint } from './endpoint.ts'
import { guarded, type StrategyFault } from './guarded.ts'
import { Memory } from './memory.ts'
import { OUTCOMES } from './recorder.ts'
import { SILENT } from './report.ts'
import { Rng } from './rng.ts'
import type { Strategy, StrategyFactory } from './strategy.ts'

/** How many servers the pools of a trial have at first. */
const POOLS = [2, 3, 12]
/** So many that a strategy which fails one time in two hundred is found out with a probability above 99.99 %. */
const STEPS = 2000

/**
 * A short rehearsal, before requests depend on it: pools in which servers come, go, fail and heal while requests begin and end,
 * to see that the strategy answers every time, and with one of the servers it was given. That it does so well is not
 * asked here: the laws in test/laws are for that. Gives its first fault. One that never comes back is for the caller to notice.
 */
export function tryOut(factory: StrategyFactory, seed = 1): StrategyFault | undefined {
  let fault: StrategyFault | undefined
  const fallback: StrategyFactory = { promise: 'adaptive', create: () => new Understudy() }
  const onFault = (found: StrategyFault): void => void (fault ??= found)
  for (const size of POOLS) {
    const rng = new Rng(seed).fork(`pool of ${size}`)
    const strategy = guarded(factory, { fallback, onFault })
    const pool = new Pool(strategy, rng, size)
    for (let i = 0; i < STEPS; i++) {
      pool.step()
      if (fault !== undefined) return fault
    }
  }
  return undefined
}

class Understudy implements Strategy {
  readonly name = 'understudy'
  private first: Endpoint | undefined

  update(servers: readonly Endpoint[]): void {
    this.first = servers[0]
  }

  pick(): Endpoint {
    return this.first!
  }

  settled(): void {}
}

/** A balancer to which, a step at a time, something happens. */
class Pool {
  private readonly clock = new Clock(1000)
  private readonly rng: Rng
  private readonly balancer: Balancer
  private readonly open: Endpoint[] = []
  private added = 0

  constructor(strategy: StrategyFactory, rng: Rng, size: number) {
    const { clock } = this
    this.rng = rng
    const memory = new Memory(64)
    this.balancer = new Balancer({ clock, rng, strategy, memory })
    for (let i = 0; i < size; i++) this.add()
    this.balancer.tick()
  }

  step(): void {
    const { balancer, clock, open, rng } = this
    clock.now += rng.int(20)
    const dice = rng.int(100)
    const server = balancer.servers[rng.int(balancer.servers.length)]
    if (dice < 55) {
      const given = balancer.acquire(rng.bits(), 0)
      if (given !== undefined) open.push(given)
    } else if (dice < 88) {
      const [ended] = open.splice(rng.int(open.length), 1)
      if (ended !== undefined)
        balancer.release(ended, rng.float() * 500, OUTCOMES[rng.int(OUTCOMES.length)])
    } else if (dice < 92) {
      balancer.setHealthy(server, !server.healthy)
    } else if (dice < 94) {
      balancer.setWeight(server, rng.int(5) / 2)
    } else if (dice < 96) {
      balancer.heard(server, { ...SILENT, inflight: rng.int(10), latency: rng.float() * 100 })
    } else if (dice < 97) {
      if (balancer.servers.length > 1) balancer.remove(server)
    } else if (dice < 98) {
      if (balancer.servers.length < 20) this.add()
    } else {
      clock.now += rng.int(60_000)
      balancer.tick()
    }
  }

  private add(): void {
    const weight = 1 + this.rng.int(4)
    const max = this.rng.int(4) === 0 ? 2 : Infinity
    this.balancer.add(new Endpoint(`s${++this.added}`, { weight, max }))
  }
}
