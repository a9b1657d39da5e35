import type { Endpoint } from '../../proxy/core/endpoint.ts'
import { GRAIN, type Rng } from '../../proxy/core/rng.ts'
import type { Strategy, StrategyContext, StrategyFactory } from '../../proxy/core/strategy.ts'

const SAMPLES = 100

/**
 * The lowest average of the last hundred times × (requests in flight + 1), failures included, ties to the first. As in Traefik's
 * `leasttime` of 2025. Three things are wrong with it, and each has an experiment: a server never heard of has average 0, so it gets
 * everything until its first answer (../cold-newcomer); a quick failure is a quick answer (../black-hole); and an average of samples does
 * not age, so a server that had a bad moment is never asked again (here; traefik/traefik issue 12306).
 */
class NaiveLeastTime implements Strategy {
  readonly name = 'naive_least_time'
  private readonly rng: Rng
  /** The share of picks that are drawn at random. */
  private readonly probes: number
  private servers: readonly Endpoint[] = []
  private readonly sum: Float64Array
  private readonly count: Float64Array
  /** The last samples of each slot, a ring each. */
  private readonly samples: Float64Array[] = []

  constructor({ memory, rng }: StrategyContext, probes: number) {
    this.rng = rng
    this.probes = probes
    this.sum = memory.floatPerSlot()
    this.count = memory.floatPerSlot()
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
    for (const { slot } of servers) this.samples[slot] ??= new Float64Array(SAMPLES)
  }

  pick(): Endpoint {
    const { count, probes, rng, servers, sum } = this
    if (probes > 0 && rng.int(GRAIN) < probes * GRAIN) return servers[rng.int(servers.length)]
    let best = servers[0]
    let least = Infinity
    for (let i = 0; i < servers.length; i++) {
      const { inflight, slot, weight } = servers[i]
      const average = sum[slot] / Math.min(Math.max(count[slot], 1), SAMPLES)
      const score = (average * (inflight + 1)) / weight
      if (score >= least) continue
      best = servers[i]
      least = score
    }
    return best
  }

  settled({ slot }: Endpoint, latency: number): void {
    const { count, samples, sum } = this
    const place = count[slot] % SAMPLES
    sum[slot] += latency - samples[slot][place]
    samples[slot][place] = latency
    count[slot]++
  }
}

export const naiveLeastTime: StrategyFactory = {
  promise: 'adaptive',
  create: (context) => new NaiveLeastTime(context, 0),
}

/** The repair for the last of them: one request in twenty goes to whoever it may be. */
export const naiveWithProbes: StrategyFactory = {
  promise: 'adaptive',
  create: (context) => new NaiveLeastTime(context, 0.05),
}
