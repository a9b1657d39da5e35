import { Balancer } from './core/balancer.ts'
import type { BalancerOptions } from './core/balancer-options.ts'
import type { Memory } from './core/memory.ts'
import { RetryPolicy } from './core/retry.ts'
import { WaitingLine } from './core/waiting-line.ts'
import type { Settings } from './settings.ts'

/** The pure rules that a proxy asks. */
export interface Rules {
  readonly retry: RetryPolicy
  readonly line: WaitingLine
  readonly balancer: Balancer
}

const NOBODY_WAITS = { length: 0, timeout: 0 }

/**
 * Makes the rules from the settings. In one place, since every thread has to make the same parts in the same order, and the memory that
 * they share has to have room for them. The strategy comes last: one from a file must not be able to move the others.
 */
export function rulesOf(settings: Settings, options: BalancerOptions & { memory: Memory }): Rules {
  const { ejection, panic, queue, retries, slowStart } = settings
  const { clock, memory } = options
  const retry = new RetryPolicy(retries, clock, memory)
  const servers: Pick<Balancer, 'acquire' | 'hasTakers'> = {
    acquire: (key, attempt, tried) => balancer.acquire(key, attempt, tried),
    get hasTakers() {
      return balancer.hasTakers
    },
  }
  const line = new WaitingLine(queue === false ? NOBODY_WAITS : queue, clock, servers, memory)
  const balancer = new Balancer({
    ...options,
    panic,
    ...(slowStart !== false && { slowStart }),
    ...(ejection !== false && { ejection }),
  })
  return { retry, line, balancer }
}
