import type { BalancerOptions } from './balancer-options.ts'
import { Guarded } from './guarded.ts'
import type { Memory, PerSlot } from './memory.ts'
import type { SharePromise, Strategy, StrategyContext, StrategyFactory } from './strategy.ts'

/** Makes a balancer's strategies, one after another: what one remembered is let go when the next is there. */
export class StrategyMaker {
  private readonly memory: Memory
  /** Who takes over from a guarded strategy has a promise of his own. */
  private readonly onGiveWay: (promise: SharePromise) => void
  /** What a strategy is made from, anew for each. */
  private readonly context: () => StrategyContext
  /** What the latest has asked for per slot. */
  private remembered: readonly PerSlot[] = []

  constructor(
    options: BalancerOptions,
    memory: Memory,
    inflights: Int32Array,
    onGiveWay: (promise: SharePromise) => void,
  ) {
    const { ask, clock, remainingWork, rng } = options
    const { thread } = memory
    this.memory = memory
    this.onGiveWay = onGiveWay
    this.context = () => ({
      clock,
      rng: rng.fork(thread === 0 ? 'strategy' : `strategy of thread ${thread}`),
      memory,
      inflights,
      ask: ask ?? (() => {}),
      remainingWork,
    })
  }

  /** If the new one cannot be made nothing has changed. */
  make(factory: StrategyFactory): Strategy {
    const { made, arrays } = this.memory.collect(() => factory.create(this.context()))
    this.memory.forget(this.remembered)
    this.remembered = arrays
    if (made instanceof Guarded) made.onGiveWay = this.onGiveWay
    return made
  }
}
