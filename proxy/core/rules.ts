import { Balancer } from './balancer.ts'
import type { BalancerOptions } from './balancer-options.ts'
import type { EjectionOptions } from './ejection.ts'
import { type HedgeOptions, Hedging } from './hedging.ts'
import { JournaledBalancer } from './journal.ts'
import type { Memory } from './memory.ts'
import { type RetryOptions, RetryPolicy } from './retry.ts'
import type { SlowStartOptions } from './slow-start.ts'
import { turnsOf } from './turns.ts'
import { type QueueOptions, WaitingLine } from './waiting-line.ts'

/** What a proxy does around its strategy; false or left out switches a part off. */
export interface RulesSpec {
  readonly retries: RetryOptions
  readonly queue?: QueueOptions | false
  readonly hedging?: HedgeOptions | false
  readonly ejection?: EjectionOptions | false
  readonly panic?: number
  readonly slowStart?: SlowStartOptions | false
}

/** The pure rules that a proxy asks. */
export interface Rules {
  readonly retry: RetryPolicy
  readonly line: WaitingLine
  readonly hedging: Hedging | undefined
  readonly balancer: Balancer
}

const NOBODY_WAITS = { length: 0, timeout: 0 }

/**
 * Makes the rules, for the proxy and for the simulator's. In one place, since every thread has to make the same parts in the same order, and
 * the memory that they share has to have room for them. The strategy comes last: one from a file must not be able to move the others.
 */
export function rulesOf(spec: RulesSpec, options: BalancerOptions & { memory: Memory }): Rules {
  const { ejection, hedging, panic, queue, retries, slowStart } = spec
  const { clock, memory } = options
  const retry = new RetryPolicy(retries, clock, memory)
  const waiting = memory.ints(memory.threads)
  const turns = turnsOf(memory, clock)
  const all = {
    ...options,
    ...(panic !== undefined && { panic }),
    ...(slowStart && { slowStart }),
    ...(ejection && { ejection }),
  }
  const { journal } = options
  const balancer =
    journal === undefined ? new Balancer(all) : new JournaledBalancer({ ...all, journal })
  return {
    retry,
    line: new WaitingLine(queue || NOBODY_WAITS, clock, balancer, memory, waiting, turns),
    hedging: hedging ? new Hedging(hedging, retry) : undefined,
    balancer,
  }
}

/**
 * The same rules with other figures, for what comes from here on. Counts, histories and standings go on; what the delay of hedges was
 * learned from as well, if `sameHedging`. A request under way may keep the old retry policy and the old hedging.
 */
export function adjusted(rules: Rules, spec: RulesSpec, sameHedging: boolean): Rules {
  const { balancer, line } = rules
  const { ejection, hedging, panic, queue, retries, slowStart } = spec
  const retry = rules.retry.with(retries)
  line.options = queue || NOBODY_WAITS
  balancer.adjust({
    ...(panic !== undefined && { panic }),
    ...(slowStart && { slowStart }),
    ...(ejection && { ejection }),
  })
  const kept = sameHedging ? rules.hedging : hedging ? new Hedging(hedging, retry) : undefined
  if (kept !== undefined) kept.retry = retry
  return { retry, line, hedging: kept, balancer }
}
