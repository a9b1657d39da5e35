import type { Balancer } from '../proxy/core/balancer.ts'
import type { Clock } from '../proxy/core/clock.ts'
import type { Endpoint } from '../proxy/core/endpoint.ts'
import type { Hedging } from '../proxy/core/hedging.ts'
import { Memory } from '../proxy/core/memory.ts'
import type { RetryOptions, RetryPolicy } from '../proxy/core/retry.ts'
import type { Rng } from '../proxy/core/rng.ts'
import { rulesOf } from '../proxy/core/rules.ts'
import type { StrategyFactory } from '../proxy/core/strategy.ts'
import type { WaitingLine } from '../proxy/core/waiting-line.ts'
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

/** The pure rules that a proxy asks, made from a policy: the very ones of the real proxy. What the policy does not name costs no time. */
export interface ProxyRules {
  readonly balancer: Balancer
  readonly line: WaitingLine | undefined
  readonly retry: RetryPolicy | undefined
  readonly hedging: Hedging | undefined
}

export function proxyRules(options: ProxyRulesOptions): ProxyRules {
  const { ask, clock, policy, remainingWork, rng, slots, stale, strategy } = options
  const memory = new Memory(slots)
  const seen = stale && { seen: new Int32Array(slots) }
  const { balancer, hedging, line, retry } = rulesOf(
    { ...policy, retries: retriesOf(policy) },
    { clock, rng, strategy, memory, ask, remainingWork, ...seen },
  )
  return {
    balancer,
    line: policy.queue && line,
    // Hedges are paid for from its budget, so there is one where there are only hedges.
    retry: (policy.retries ?? policy.hedging) && retry,
    hedging,
  }
}

function retriesOf({ retries = { attempts: 0 } }: PolicySpec): RetryOptions {
  const { attempts, budget, minPerSecond } = retries
  const floor = minPerSecond ?? (budget === undefined ? UNLIMITED : 0)
  return { attempts, budget: budget ?? 1, minPerSecond: floor }
}
