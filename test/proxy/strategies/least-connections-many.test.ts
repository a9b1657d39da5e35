import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import type { StrategyFactory } from '../../../proxy/core/strategy.ts'
import { LeastConnections } from '../../../proxy/strategies/least-connections.ts'

/** So many that a tree finds the least. */
const MANY = { min: 64, max: 90 }

type Ties = 'random' | 'first'

/** One of two that are to do the same: in memory that may be shared, a look at each server finds the least. */
class Half {
  readonly balancer: Balancer
  private readonly inflight: Endpoint[] = []

  constructor(weights: readonly number[], ties: Ties, seed: number, shared: boolean) {
    const place = { buffer: new SharedArrayBuffer(2 ** 16), thread: 0, threads: 1 }
    const memory = new Memory(128, shared ? place : undefined)
    const strategy: StrategyFactory = {
      promise: 'adaptive',
      create: (context) => new LeastConnections(context, { ties }),
    }
    this.balancer = new Balancer({ clock: new Clock(), rng: new Rng(seed), strategy, memory })
    weights.forEach((weight, i) => {
      this.balancer.add(new Endpoint(`s${i}`, { weight, max: i % 30 === 0 ? 5 : Infinity }))
    })
  }

  /** Says who got it. */
  begin(avoids: boolean): string | undefined {
    const { balancer, inflight } = this
    const avoid = avoids && inflight.length > 0 ? [inflight.at(-1)!] : undefined
    const server = balancer.acquire(0, avoid === undefined ? 0 : 1, avoid)
    if (server !== undefined) inflight.push(server)
    return server?.id
  }

  end(at: number): void {
    const { balancer, inflight } = this
    if (inflight.length === 0) return
    const [server] = inflight.splice(at % inflight.length, 1)
    balancer.release(server, 1, 'ok')
  }

  change(at: number, what: 'health' | 'weight' | 'leave'): void {
    const { balancer } = this
    const server = balancer.servers[at % balancer.servers.length]
    if (what === 'health') balancer.setHealthy(server, !server.healthy)
    else if (what === 'weight') balancer.setWeight(server, 1 + (at % 5))
    else if (balancer.servers.length > MANY.min) balancer.remove(server)
  }
}

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('begin', 'begin', 'end', 'end', 'retry', 'health', 'weight', 'leave'),
    count: fc.integer({ min: 1, max: 60 }),
    at: fc.nat(),
  }),
  { minLength: 1, maxLength: 30 },
)

for (const ties of ['random', 'first'] as const) {
  test(`a tree among many picks whom a look at each would pick, every time (ties: ${ties})`, () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(1, 1, 2, 3, 0.25), { minLength: MANY.min, maxLength: MANY.max }),
        fc.nat(),
        steps,
        (weights, seed, steps) => {
          const [tree, looks] = [false, true].map((shared) => new Half(weights, ties, seed, shared))
          for (const { at, count, kind } of steps) {
            if (kind === 'begin' || kind === 'end' || kind === 'retry') {
              for (let i = 0; i < count; i++) {
                if (kind === 'end') for (const half of [tree, looks]) half.end(at + 31 * i)
                // The tree finds out late about a retry: which of the tied is drawn, it may draw twice for.
                else if (kind === 'begin' || ties === 'first') {
                  const avoids = kind === 'retry'
                  expect(tree.begin(avoids)).toBe(looks.begin(avoids))
                }
              }
            } else {
              for (const half of [tree, looks]) half.change(at, kind)
            }
          }
        },
      ),
      { numRuns: 60 },
    )
  })
}
