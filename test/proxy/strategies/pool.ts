import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import type { Strategy, StrategyContext } from '../../../proxy/core/strategy.ts'

/** Servers a, b, c, … of the given weights, whose load a test sets by hand, without a balancer. */
export class Pool {
  readonly clock = new Clock()
  readonly memory = new Memory(64)
  readonly servers: Endpoint[]
  readonly inflights = this.memory.intPerSlot()
  /** What each server still has to do, by slot. */
  work: number[] = []

  constructor(weights: readonly number[], loads: readonly number[] = []) {
    this.servers = weights.map((weight, slot) => {
      const server = new Endpoint(String.fromCharCode(97 + slot), { weight })
      server.attach(slot, this.inflights)
      return server
    })
    this.load(...loads)
  }

  /** Sets how many requests each server has in flight. */
  load(...loads: number[]): void {
    this.inflights.set(loads)
  }

  /** Who was asked for a report, in order. */
  readonly asked: Endpoint[] = []

  /** What a strategy is made from. */
  context(rng = new Rng(1)): StrategyContext {
    const { clock, inflights, memory } = this
    const ask = (server: Endpoint): void => void this.asked.push(server)
    const remainingWork = (server: Endpoint): number => this.work[server.slot] ?? 0
    return { clock, memory, rng, inflights, ask, remainingWork }
  }

  /** A strategy that knows all servers. */
  use<S extends Strategy, O = never>(
    kind: new (context: StrategyContext, options: O) => S,
    rng = new Rng(1),
    options?: O,
  ): S {
    const strategy = new kind(this.context(rng), options as O)
    strategy.update(this.servers)
    return strategy
  }
}

/** The next picks, without any request being in flight longer than a moment. */
export function picks(strategy: Strategy, count: number): Endpoint[] {
  return Array.from({ length: count }, () => strategy.pick(0, 0))
}

/** How often each server is among them. */
export function tally(servers: readonly Endpoint[], picked: readonly Endpoint[]): number[] {
  return servers.map((server) => picked.filter((each) => each === server).length)
}

/** A strategy's private array, to compare what it holds with what it should. */
export function floats(strategy: Strategy, field: string): Float64Array {
  return (strategy as unknown as Record<string, Float64Array>)[field]
}

/** All that is held in the typed arrays of an object, to see that something left no trace there. */
export function remembered(holder: object): number[][] {
  const fields: unknown[] = Object.values(holder)
  return fields
    .filter((field) => ArrayBuffer.isView(field))
    .map((view) => [...(view as Float64Array)])
}

/** Likewise, of integers. */
export function ints(strategy: Strategy, field: string): Int32Array {
  return (strategy as unknown as Record<string, Int32Array>)[field]
}
