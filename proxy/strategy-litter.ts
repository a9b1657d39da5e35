import { getHeapStatistics } from 'node:v8'
import { Balancer } from './core/balancer.ts'
import { Clock } from './core/clock.ts'
import { Endpoint } from './core/endpoint.ts'
import { Rng } from './core/rng.ts'
import type { StrategyFactory } from './core/strategy.ts'

/** So many picks in a row that what the engine itself allocates now and then is lost in them. */
const PICKS = 10_000
/** Tries, of which the quietest counts: in the first ones the engine compiles, and a collection spoils the one that it falls into. */
const TRIES = 12
/** After so many milliseconds there are no more. */
const LIMIT = 2000
/** Not yet litter: less than the smallest object in every pick. */
const BEARABLE = 8

/**
 * Bytes that a pick allocates, roughly, and 0 for few. Only a hint, for a file that is about to serve: the law of silence in test/laws measures
 * exactly, and takes seconds for it.
 */
export function litterOf(strategy: StrategyFactory): number {
  const balancer = new Balancer({ clock: new Clock(1), rng: new Rng(1), strategy })
  for (let i = 0; i < 8; i++) balancer.add(new Endpoint(`s${i}`, { weight: 1 + (i % 3) }))
  balancer.tick()
  let least = Infinity
  const end = performance.now() + LIMIT
  for (let i = 0; i < TRIES && performance.now() < end; i++) {
    const before = allocated()
    for (let key = 0; key < PICKS; key++) balancer.strategy.pick(key, 0)
    const bytes = (allocated() - before) / PICKS
    // A collection in between makes it negative.
    if (bytes >= 0 && bytes < least) least = bytes
  }
  return least === Infinity || least < BEARABLE ? 0 : least
}

function allocated(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics()
  return heap + external
}
