import { Balancer } from '../proxy/core/balancer.ts'
import type { Clock } from '../proxy/core/clock.ts'
import type { Endpoint } from '../proxy/core/endpoint.ts'
import { Hedging } from '../proxy/core/hedging.ts'
import { Memory } from '../proxy/core/memory.ts'
import { RetryPolicy } from '../proxy/core/retry.ts'
import type { Rng } from '../proxy/core/rng.ts'
import type { StrategyFactory } from '../proxy/core/strategy.ts'
import { WaitingLine } from '../proxy/core/waiting-line.ts'
import type { PolicySpec } from './policy.ts'

/** Retries a second where there is no budget. */
const UNLIMITED = 1e9

export interface ProxyRulesOptions {
  readonly clock: Clock
  readonly rng: Rng
  readonly strategy: StrategyFactory
  readonly policy: PolicySpec
  /** How many servers there can be at a time. */
  readonly slots: number
  /** Strategies see the requests in flight as they were when `Balancer.look` was called last. */
  readonly stale: boolean
  readonly ask: (server: Endpoint) => void
  readonly remainingWork: (server: Endpoint) => number
}

/** The pure rules that a proxy asks, made from a policy: the very ones of the real proxy. */
export interface ProxyRules {
  readonly balancer: Balancer
  readonly line: WaitingLine | undefined
  readonly retry: RetryPolicy | undefined
  readonly hedging: Hedging | undefined
}

export function proxyRules(options: ProxyRulesOptions): ProxyRules {
  const { ask, clock, policy, remainingWork, rng, slots, stale, strategy } = options
  const { ejection, hedging, panic, queue, slowStart } = policy
  const memory = new Memory(slots)
  const balancer = new Balancer({
    clock,
    rng,
    strategy,
    memory,
    ask,
    remainingWork,
    ...(stale && { seen: new Int32Array(slots) }),
    ...(slowStart && { slowStart }),
    ...(ejection && { ejection }),
    ...(panic !== undefined && { panic }),
  })
  const retry = retryPolicy(policy, clock)
  return {
    balancer,
    line: queue && new WaitingLine(queue, clock, balancer, memory),
    retry,
    hedging: hedging && new Hedging(hedging, retry!),
  }
}

/** Hedges are paid for from its budget, so there is one where there are only hedges. */
function retryPolicy({ hedging, retries }: PolicySpec, clock: Clock): RetryPolicy | undefined {
  if (retries === undefined && hedging === undefined) return undefined
  const { attempts = 0, budget, minPerSecond } = retries ?? {}
  const floor = minPerSecond ?? (budget === undefined ? UNLIMITED : 0)
  return new RetryPolicy({ attempts, budget: budget ?? 1, minPerSecond: floor }, clock)
}
