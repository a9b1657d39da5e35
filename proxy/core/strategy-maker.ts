import type { BalancerOptions } from './balancer-options.ts'
import { Guarded } from './guarded.ts'
import type { Memory, PerSlot } from './memory.ts'
import type { SharePromise, Strategy, StrategyContext, StrategyFactory } from './strategy.ts'

/** A strategy that is ready, and not in office yet. */
export interface Candidate {
  readonly strategy: Strategy
  readonly factory: StrategyFactory
  /** What it has asked for per slot. */
  readonly arrays: readonly PerSlot[]
}

/** Makes a balancer's strategies, one after another: what one remembered is let go when the next is there. */
export class StrategyMaker {
  private readonly memory: Memory
  /** Who takes over from a guarded strategy has a promise of his own. */
  private readonly onGiveWay: (promise: SharePromise) => void
  /** What a strategy is made from, anew for each. */
  private readonly context: () => StrategyContext
  /** What the one in office has asked for per slot. */
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

  /**
   * If it cannot be made nothing has changed. Where threads share their memory, `room` is one buffer for all of them, as large as
   * what the strategy asks for and still full of zeros: so a strategy can follow another for ever, and its memory goes when it goes.
   */
  prepare(factory: StrategyFactory, room?: SharedArrayBuffer): Candidate {
    const { made, arrays } = this.memory.collect(() => factory.create(this.context()), room)
    return { strategy: made, factory, arrays }
  }

  /** It takes office. */
  adopt({ arrays, strategy }: Candidate): Strategy {
    this.memory.forget(this.remembered)
    this.remembered = arrays
    if (strategy instanceof Guarded) strategy.onGiveWay = this.onGiveWay
    return strategy
  }

  /** It is not wanted after all. */
  drop({ arrays }: Candidate): void {
    this.memory.forget(arrays)
  }
}
