import { Balancer } from './balancer.ts'
import { Clock } from './clock.ts'
import { Endpoint, type EndpointOptions } from './endpoint.ts'
import { guarded, type StrategyFault } from './guarded.ts'
import { Memory } from './memory.ts'
import { OUTCOMES } from './recorder.ts'
import { type Report, SILENT } from './report.ts'
import { Rng } from './rng.ts'
import type { Strategy, StrategyContext, StrategyFactory } from './strategy.ts'
import { Untouched } from './untouched.ts'
import type { Verb } from './watched.ts'

/** How many servers the pools of a trial have at first. */
const POOLS = [2, 3, 12]
/** So many that a strategy which fails one time in two hundred is found out with a probability above 99.99 %. */
const STEPS = 2000

/** A server as it is configured. */
export interface Expected extends EndpointOptions {
  readonly id: string
}

/**
 * A short rehearsal, before requests depend on it: pools in which servers come, go, fail and heal while requests begin and end,
 * to see that the strategy answers every time, with one of the servers it was given, and only reads what it is shown. The last pool is
 * of the servers that it is meant for, as far as they are known. That it does so well is not asked here: the laws in test/laws are for
 * that. Gives its first fault. One that never comes back is for the caller to notice.
 */
export function tryOut(
  factory: StrategyFactory,
  seed = 1,
  servers: readonly Expected[] = [],
): StrategyFault | undefined {
  let fault: StrategyFault | undefined
  const fallback: StrategyFactory = { promise: 'adaptive', create: () => new Understudy() }
  const onFault = (found: StrategyFault): void => void (fault ??= found)
  const strategy = guarded(handsOff(factory, onFault), { fallback, onFault })
  const pools = [...POOLS, ...(servers.length > 0 ? [servers] : [])]
  for (const given of pools) {
    const rng = new Rng(seed).fork(`pool of ${typeof given === 'number' ? given : 'its own'}`)
    const pool = new Pool(strategy, rng, given)
    for (let i = 0; i < STEPS; i++) {
      if (fault !== undefined) return fault
      pool.step()
    }
    if (fault !== undefined) return fault
  }
  return undefined
}

/** Tells when something was changed that is for reading only. */
function handsOff(
  factory: StrategyFactory,
  onFault: (fault: StrategyFault) => void,
): StrategyFactory {
  const create = (context: StrategyContext): Strategy => {
    const strategy = factory.create(context)
    let servers: readonly Endpoint[] = []
    const watched = <T>(verb: Verb, work: () => T): T => {
      const before = new Untouched(servers, context.inflights)
      const result = work()
      const { change } = before
      if (change !== undefined)
        onFault({ verb, kind: 'changed', problem: `changed ${change.what}${change.how}` })
      return result
    }
    return {
      name: strategy.name,
      update(given) {
        // The list itself is its own: see `guarded`.
        servers = given.slice()
        return watched('update', () => strategy.update(given))
      },
      pick: (key, attempt) => watched('pick', () => strategy.pick(key, attempt)),
      settled: (...told) => watched('settled', () => strategy.settled(...told)),
      ...(strategy.heard !== undefined && {
        heard: (server: Endpoint, report: Report) =>
          watched('heard', () => strategy.heard!(server, report)),
      }),
    }
  }
  return { ...factory, create }
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
  /** Those that can be in it, if they are known; otherwise any. */
  private readonly known: readonly Expected[] | undefined
  private added = 0

  /** `given`: its servers, or how many there are at first. */
  constructor(strategy: StrategyFactory, rng: Rng, given: number | readonly Expected[]) {
    const { clock } = this
    this.rng = rng
    this.known = typeof given === 'number' ? undefined : given
    const size = typeof given === 'number' ? given : given.length
    // Some more: servers that have left keep their slot while requests to them are under way.
    const memory = new Memory(64 + size)
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
    const { balancer, known } = this
    if (known === undefined) return this.addAny()
    const next = known.find(({ id }) => balancer.servers.every((server) => server.id !== id))
    if (next === undefined) return
    balancer.add(new Endpoint(next.id, next))
  }

  private addAny(): void {
    const weight = 1 + this.rng.int(4)
    const max = this.rng.int(4) === 0 ? 2 : Infinity
    this.balancer.add(new Endpoint(`s${++this.added}`, { weight, max }))
  }
}
