import { Rng } from '../../proxy/core/rng.ts'

/**
 * A seed for each replication: the first has the scenario's own, so that it is the run that everybody else gets of the scenario, and the
 * others come from that one. The n-th is the same however many there are, and for every strategy.
 */
export function seedsOf(seed: number, count: number): number[] {
  const rng = new Rng(seed)
  const seeds = new Set([rng.seed])
  // Two alike would be one run counted twice.
  for (let i = 1; seeds.size < count; i++) seeds.add(rng.fork(`replication ${i}`).seed)
  return [...seeds]
}

/** Of the run that finds the warm-up: none of those that are counted. */
export function pilotSeedOf(seed: number): number {
  return new Rng(seed).fork('pilot').seed
}
