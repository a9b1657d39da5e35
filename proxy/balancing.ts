import type { BalancerOptions } from './core/balancer-options.ts'
import type { Settings } from './settings.ts'

/**
 * What the settings say of a balancer beyond its strategy. In one place, since every thread has to make the same parts, and the
 * memory that they share has to have room for them.
 */
export function balancing({
  ejection,
  panic,
  slowStart,
}: Settings): Pick<BalancerOptions, 'ejection' | 'panic' | 'slowStart'> {
  return {
    panic,
    ...(slowStart !== false && { slowStart }),
    ...(ejection !== false && { ejection }),
  }
}
